package io.beringia.failover.cli;

import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.TypeConversionException;

/** What every command about regions is told: whom to ask, and as whom. */
final class RegionOptions {
    private static final int IDENTITY_FILES = 3;

    /** Who answers by default: candidates run under this account of our own namespace, or one per region. */
    private static final String CANDIDATES = "/ns/beringia-system/sa/failover(-[a-z0-9-]+)?";

    @Option(
            names = "--api",
            split = ",",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:15036",
            description =
                    "Candidates to ask, one after the other until the leader answers" + " (default: ${DEFAULT-VALUE}).")
    private List<String> api = List.of();

    @Option(
            names = "--identity",
            required = true,
            split = ",",
            paramLabel = "CHAIN,KEY,BUNDLE",
            description = "The operator's SVID: three PEM files.")
    private List<Path> identity = List.of();

    @Option(
            names = "--server",
            converter = SpiffeIds.class,
            paramLabel = "ID",
            description = "The identity that must answer (default: account failover, or failover-*, of"
                    + " beringia-system in the operator's trust domain).")
    private Optional<SpiffeId> server = Optional.empty();

    @Option(names = "--output", defaultValue = "table", description = "table or json (default: ${DEFAULT-VALUE}).")
    private Output output = Output.table;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /** Names as they are typed. */
    enum Output {
        table,
        json
    }

    OperatorClient client() {
        if (identity.size() != IDENTITY_FILES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--identity: " + identity.size() + " files (expected: chain, key and bundle, separated by commas)");
        }
        Credentials credentials =
                FileCredentials.load(CredentialFiles.ofOwnDomain(identity.get(0), identity.get(1), identity.get(2)));
        HttpTls tls = new HttpTls(credentials, new SpiffeVerifier(), InstantSource.system());
        return new OperatorClient(api, tls, expected(credentials.svid().id().trustDomain()));
    }

    Output output() {
        return output;
    }

    private Predicate<SpiffeId> expected(TrustDomain own) {
        return server.<Predicate<SpiffeId>>map(one -> one::equals)
                .orElse(id -> id.toString().matches("spiffe://\\Q" + own + "\\E" + CANDIDATES));
    }

    /** Reads a SPIFFE ID. */
    static final class SpiffeIds implements ITypeConverter<SpiffeId> {
        @Override
        public SpiffeId convert(String text) {
            try {
                return SpiffeId.parse(text);
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        }
    }
}
