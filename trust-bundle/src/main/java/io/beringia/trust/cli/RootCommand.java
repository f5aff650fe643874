package io.beringia.trust.cli;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.Entropy;
import io.beringia.trust.authority.Profile;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.Pem;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code beringia ca root}: the one key that never enters a cluster. */
@Command(name = "root", description = "Make a root key and its certificate; an existing fresh root is kept.")
final class RootCommand implements Callable<Integer> {
    private static final String SHARED_DOMAIN = "cluster.local";

    @Option(
            names = "--trust-domain",
            defaultValue = SHARED_DOMAIN,
            description = "Name of the trust domain (default: ${DEFAULT-VALUE}).")
    private String trustDomain = SHARED_DOMAIN;

    @Option(
            names = "--days",
            defaultValue = "3650",
            description = "Validity in days, 1 to 3650 (default: ${DEFAULT-VALUE}).")
    private int days;

    @Option(names = "--demo", description = "Mark the root for demos (O=Beringia demo): static tokens work below it.")
    private boolean demo;

    @Mixin
    private CaOptions options = new CaOptions();

    @Spec
    private CommandSpec spec;

    private final InstantSource clock = InstantSource.system();
    private final CaReport report = new CaReport();

    @Override
    public Integer call() {
        CaFolder folder = options.folder();
        X509Certificate root = CaFolder.bothExist(folder.rootKey(), folder.rootCert()) ? reuse(folder) : make(folder);
        if (trustDomain.equals(SHARED_DOMAIN)) {
            report.warn("trust domain: " + trustDomain
                    + " (expected: a name of your own, every default mesh has this one)");
        }
        report.warn(folder.rootKey() + ": not encrypted (expected: kept away from every cluster)");
        return report.print(spec, options.json(), "spiffe://" + Authority.trustDomainOf(root), root);
    }

    private X509Certificate make(CaFolder folder) {
        Profile profile = demo ? Profile.DEMO : Profile.SPIFFE;
        CaSigner.InMemory root = Authority.newRoot(
                TrustDomain.parse(trustDomain), profile, Duration.ofDays(days), new Entropy(new SecureRandom(), clock));
        report.written(NewFile.secret(folder.rootKey()), Pem.write(root.key()));
        report.written(NewFile.open(folder.rootCert()), Pem.write(root.certificate()));
        return root.certificate();
    }

    private X509Certificate reuse(CaFolder folder) {
        X509Certificate root = CaFolder.signer(folder.rootKey(), folder.rootCert(), clock.instant())
                .certificate();
        TrustDomain existing = Authority.trustDomainOf(root);
        if (!existing.name().equals(trustDomain)) {
            throw new IllegalArgumentException(
                    folder.rootCert() + ": of " + existing + " (expected: of " + trustDomain + ")");
        }
        if (Authority.isDemo(root) != demo) {
            throw new IllegalArgumentException(folder.rootCert() + ": " + (demo ? "not " : "")
                    + "marked for demos (expected: " + (demo ? "" : "not ") + "marked)");
        }
        report.reused(folder.rootKey());
        report.reused(folder.rootCert());
        return root;
    }
}
