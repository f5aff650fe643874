package io.beringia.trust.cli;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.Entropy;
import io.beringia.trust.authority.Profile;
import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.ParsedCertificate;
import io.beringia.trust.pki.X509;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code beringia ca intermediate}: the key that signs in one cluster, and speaks for no other. */
@Command(name = "intermediate", description = "Make the intermediate of one cluster; an existing fresh one is kept.")
final class IntermediateCommand implements Callable<Integer> {
    @Option(names = "--name", required = true, description = "Name of the cluster: also the folder of its files.")
    private String name = "";

    @Option(names = "--days", description = "Validity in days (default: 90, at most 365; profile istio: 3650).")
    private Optional<Integer> days = Optional.empty();

    @Mixin
    private CaOptions options = new CaOptions();

    @Mixin
    private KeyOptions keys = new KeyOptions();

    @Mixin
    private RootKeyOptions rootKeys = new RootKeyOptions();

    @Spec
    private CommandSpec spec;

    private final InstantSource clock = InstantSource.system();
    private final CaReport report = new CaReport();

    @Override
    public Integer call() {
        options.check();
        return options.isIstio() ? istio() : spiffe();
    }

    private int istio() {
        keys.checkPlain(options);
        rootKeys.checkPlain(options);
        Map<String, String> flags =
                days.map(it -> Map.of("INTERMEDIATE_DAYS", it.toString())).orElseGet(Map::of);
        X509Certificate made = options.makefile(flags, clock, report).cacerts(name);
        return report.print(spec, options.json(), made.getSubjectX500Principal().toString(), made);
    }

    private int spiffe() {
        CaFolder folder = options.folder();
        Path own = folder.cluster(name);
        CaKey key = new CaKey(own.resolve("ca-key.pem"), own.resolve("ca-cert.pem"), keys.custody());
        CaSigner root = new CaKey(folder.rootKey(), folder.rootCert(), rootKeys.custody()).open(clock.instant());
        X509Certificate intermediate = key.exists(report) ? reuse(key, root) : make(key, root);
        report.keptOrWritten(NewFile.open(own.resolve("cert-chain.pem")), List.of(intermediate));
        report.keptOrWritten(NewFile.open(own.resolve("root-cert.pem")), List.of(root.certificate()));
        return report.print(
                spec,
                options.json(),
                "spiffe://" + Authority.trustDomainOf(intermediate) + " in " + name,
                intermediate);
    }

    private X509Certificate make(CaKey key, CaSigner root) {
        Duration life = days.map(Duration::ofDays).orElse(Profile.INTERMEDIATE_LIFE);
        Authority authority = Authority.of(root, root.certificate(), clock);
        return key.make(
                new Entropy(new SecureRandom(), clock),
                report,
                unsigned -> authority.intermediate(name, unsigned.key(), life));
    }

    private X509Certificate reuse(CaKey key, CaSigner root) {
        X509Certificate existing = key.open(clock.instant()).certificate();
        if (!ParsedCertificate.parse(X509.encoded(existing))
                .isSignedBy(ParsedCertificate.parse(X509.encoded(root.certificate())))) {
            throw new IllegalArgumentException(
                    key.certificate() + ": of another root (expected: signed by the one in --dir)");
        }
        key.reused(report);
        return existing;
    }
}
