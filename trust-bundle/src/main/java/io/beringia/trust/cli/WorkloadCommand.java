package io.beringia.trust.cli;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.ParsedCertificate;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.X509;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code beringia ca workload}: key and chain of one service account, for a VM or a lab. */
@Command(name = "workload", description = "Make key and certificate of one workload; existing fresh ones are kept.")
final class WorkloadCommand implements Callable<Integer> {
    @Option(names = "--name", required = true, description = "Cluster whose intermediate signs.")
    private String name = "";

    @Option(names = "--namespace", required = true, description = "Namespace of the workload.")
    private String namespace = "";

    @Option(
            names = "--service-account",
            defaultValue = "default",
            description = "Service account (default: ${DEFAULT-VALUE}).")
    private String serviceAccount = "default";

    @Option(names = "--trust-domain", description = "Trust domain; must be the root's (default: the root's).")
    private Optional<String> trustDomain = Optional.empty();

    @Option(names = "--dns", description = "A DNS name beside the SPIFFE ID; may be repeated.")
    private List<String> dnsNames = new ArrayList<>();

    @Option(names = "--days", defaultValue = "1", description = "Validity in days (default: ${DEFAULT-VALUE}).")
    private int days;

    @Option(names = "--out", description = "Folder of the files (default: the namespace, in --dir).")
    private Optional<Path> out = Optional.empty();

    @Mixin
    private CaOptions options = new CaOptions();

    @Spec
    private CommandSpec spec;

    private final InstantSource clock = InstantSource.system();
    private final CaReport report = new CaReport();

    @Override
    public Integer call() {
        CaFolder folder = options.folder();
        Path own = out.orElseGet(() -> folder.dir().resolve(CaFolder.checkName("namespace", namespace)));
        Authority authority = authority(folder);
        SpiffeId id = SpiffeId.ofWorkload(domainOf(authority), namespace, serviceAccount);
        X509Certificate leaf = CaFolder.bothExist(own.resolve("key.pem"), own.resolve("workload-cert.pem"))
                ? reuse(own, id, authority)
                : make(own, id, authority);
        report.keptOrWritten(
                NewFile.open(own.resolve("workload-cert-chain.pem")), List.of(leaf, authority.certificate()));
        report.keptOrWritten(NewFile.open(own.resolve("root-cert.pem")), List.of(authority.root()));
        return report.print(spec, options.json(), id.toString(), leaf);
    }

    private Authority authority(CaFolder folder) {
        Path cluster = folder.cluster(name);
        CaSigner signer =
                CaFolder.signer(cluster.resolve("ca-key.pem"), cluster.resolve("ca-cert.pem"), clock.instant());
        X509Certificate root = CaFolder.fresh(cluster.resolve("root-cert.pem"), clock.instant())
                .getFirst();
        return Authority.of(signer, root, clock);
    }

    private TrustDomain domainOf(Authority authority) {
        String own = authority.trustDomain().name();
        String asked = trustDomain.orElse(own);
        if (!asked.equals(own)) {
            throw new IllegalArgumentException("trust domain: " + asked + " (expected: the root's, " + own + ")");
        }
        return authority.trustDomain();
    }

    private X509Certificate make(Path own, SpiffeId id, Authority authority) {
        X509Svid svid = authority.svid(id, Duration.ofDays(days), dnsNames.toArray(String[]::new));
        report.written(NewFile.secret(own.resolve("key.pem")), Pem.write(svid.key()));
        report.written(NewFile.open(own.resolve("workload-cert.pem")), Pem.write(svid.leaf()));
        return svid.leaf();
    }

    private X509Certificate reuse(Path own, SpiffeId id, Authority authority) {
        Path certificate = own.resolve("workload-cert.pem");
        X509Certificate existing = CaFolder.signer(own.resolve("key.pem"), certificate, clock.instant())
                .certificate();
        if (!Authority.idOf(existing).equals(Optional.of(id))) {
            throw new IllegalArgumentException(certificate + ": of somebody else (expected: of " + id + ")");
        }
        if (!ParsedCertificate.parse(X509.encoded(existing))
                .isSignedBy(ParsedCertificate.parse(X509.encoded(authority.certificate())))) {
            throw new IllegalArgumentException(
                    certificate + ": of another intermediate (expected: signed by that of " + name + ")");
        }
        report.reused(own.resolve("key.pem"));
        report.reused(certificate);
        return existing;
    }
}
