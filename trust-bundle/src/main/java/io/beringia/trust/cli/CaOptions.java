package io.beringia.trust.cli;

import io.beringia.trust.authority.Entropy;
import io.beringia.trust.authority.MakefileProfile;
import io.beringia.trust.authority.MakefileVariables;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What every {@code ca} command may be told. */
final class CaOptions {
    @Option(names = "--dir", defaultValue = ".", description = "Folder of the root (default: ${DEFAULT-VALUE}).")
    private Path dir = Path.of(".");

    @Option(
            names = "--profile",
            defaultValue = "spiffe",
            description = "Shape of the certificates: ${COMPLETION-CANDIDATES}; istio is that of Istio's Makefile for"
                    + " plug-in CAs, with its environment variables (default: ${DEFAULT-VALUE}).")
    private ProfileName profile = ProfileName.spiffe;

    @Option(
            names = "--crl-sign",
            description = "Let CAs of profile istio sign revocation lists; they differ from the Makefile's then.")
    private boolean crlSign;

    @Option(names = "--json", description = "Report in JSON.")
    private boolean json;

    /** Names as they are typed. */
    enum ProfileName {
        spiffe,
        istio
    }

    void check() {
        refuse(crlSign && !isIstio(), "--crl-sign", "none, CAs of profile spiffe sign revocation lists anyway");
    }

    CaFolder folder() {
        return new CaFolder(dir);
    }

    boolean isIstio() {
        return profile == ProfileName.istio;
    }

    /** The Makefile's targets in this folder; {@code flags} win over the environment. */
    MakefileCa makefile(Map<String, String> flags, InstantSource clock, CaReport report) {
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.putAll(flags);
        MakefileProfile plain = MakefileProfile.of(MakefileVariables.of(variables));
        return new MakefileCa(
                folder(), crlSign ? plain.signingCrls() : plain, new Entropy(new SecureRandom(), clock), report);
    }

    /** Refuses what only one of the profiles knows. */
    void refuse(boolean given, String option, String expected) {
        if (given) {
            throw new IllegalArgumentException(
                    option + ": unknown to profile " + profile + " (expected: " + expected + ")");
        }
    }

    boolean json() {
        return json;
    }
}
