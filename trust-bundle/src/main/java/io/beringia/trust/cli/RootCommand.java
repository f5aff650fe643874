package io.beringia.trust.cli;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.Entropy;
import io.beringia.trust.authority.Profile;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.KeyCustody;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
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

    @Option(names = "--trust-domain", description = "Name of the trust domain (default: " + SHARED_DOMAIN + ").")
    private Optional<String> trustDomain = Optional.empty();

    @Option(names = "--days", description = "Validity in days, 1 to 3650 (default: 3650).")
    private Optional<Integer> days = Optional.empty();

    @Option(
            names = "--generation",
            description = "Which root of the trust domain this is, by its name (default: 1): the next one to rotate to"
                    + " must differ.")
    private Optional<Integer> generation = Optional.empty();

    @Option(names = "--demo", description = "Mark the root for demos (O=Beringia demo): static tokens work below it.")
    private boolean demo;

    @Mixin
    private CaOptions options = new CaOptions();

    @Mixin
    private KeyOptions keys = new KeyOptions();

    @Spec
    private CommandSpec spec;

    private final InstantSource clock = InstantSource.system();
    private final CaReport report = new CaReport();

    @Override
    public Integer call() {
        options.check();
        return options.isIstio() ? istio() : spiffe();
    }

    /** Istio's CAs name no trust domain: the mesh configuration does. */
    private int istio() {
        options.refuse(trustDomain.isPresent(), "--trust-domain", "none, its CAs name no trust domain");
        keys.checkPlain(options);
        options.refuse(demo, "--demo", "none, or --profile spiffe");
        options.refuse(generation.isPresent(), "--generation", "none, ROOTCA_CN names a root");
        Map<String, String> flags =
                days.map(it -> Map.of("ROOTCA_DAYS", it.toString())).orElseGet(Map::of);
        X509Certificate root = options.makefile(flags, clock, report).root();
        warnOfPlainKey(options.folder());
        return report.print(spec, options.json(), root.getSubjectX500Principal().toString(), root);
    }

    private int spiffe() {
        CaFolder folder = options.folder();
        CaKey key = new CaKey(folder.rootKey(), folder.rootCert(), keys.custody());
        X509Certificate root = key.exists(report) ? reuse(folder, key) : make(key);
        if (domain().equals(SHARED_DOMAIN)) {
            report.warn("trust domain: " + SHARED_DOMAIN
                    + " (expected: a name of your own, every default mesh has this one)");
        }
        if (key.custody() instanceof KeyCustody.Plain) {
            warnOfPlainKey(folder);
        }
        return report.print(spec, options.json(), "spiffe://" + Authority.trustDomainOf(root), root);
    }

    private void warnOfPlainKey(CaFolder folder) {
        report.warn(folder.rootKey()
                + ": not encrypted (expected: kept away from every cluster, or made with --passphrase-file)");
    }

    private String domain() {
        return trustDomain.orElse(SHARED_DOMAIN);
    }

    private X509Certificate make(CaKey key) {
        Entropy entropy = new Entropy(new SecureRandom(), clock);
        return key.make(
                entropy,
                report,
                unsigned -> Authority.root(
                        TrustDomain.parse(domain()),
                        generation.orElse(1),
                        demo ? Profile.DEMO : Profile.SPIFFE,
                        days.map(Duration::ofDays).orElse(Profile.ROOT_LIFE),
                        entropy,
                        unsigned));
    }

    private X509Certificate reuse(CaFolder folder, CaKey key) {
        X509Certificate root = key.open(clock.instant()).certificate();
        TrustDomain existing = Authority.trustDomainOf(root);
        if (!existing.name().equals(domain())) {
            throw new IllegalArgumentException(
                    folder.rootCert() + ": of " + existing + " (expected: of " + domain() + ")");
        }
        if (Authority.isDemo(root) != demo) {
            throw new IllegalArgumentException(folder.rootCert() + ": " + (demo ? "not " : "")
                    + "marked for demos (expected: " + (demo ? "" : "not ") + "marked)");
        }
        int made = Profile.generationOf(root);
        generation.filter(it -> it != made).ifPresent(wanted -> {
            throw new IllegalArgumentException(
                    folder.rootCert() + ": generation " + made + " (expected: " + wanted + ", or another --dir)");
        });
        key.reused(report);
        return root;
    }
}
