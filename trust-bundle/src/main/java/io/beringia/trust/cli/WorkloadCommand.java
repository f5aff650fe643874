package io.beringia.trust.cli;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.MakefileProfile;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code beringia ca workload}: key and chain of one service account, for a VM or a lab. */
@Command(name = "workload", description = "Make key and certificate of one workload; existing fresh ones are kept.")
final class WorkloadCommand implements Callable<Integer> {
    @Option(
            names = "--name",
            description = "Cluster whose intermediate signs; profile istio: none, the namespace gets one of its own.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--namespace", required = true, description = "Namespace of the workload.")
    private String namespace = "";

    @Option(names = "--service-account", description = "Service account (default: default).")
    private Optional<String> serviceAccount = Optional.empty();

    @Option(names = "--trust-domain", description = "Trust domain; must be the root's (default: the root's).")
    private Optional<String> trustDomain = Optional.empty();

    @Option(names = "--dns", description = "A DNS name beside the SPIFFE ID; may be repeated.")
    private List<String> dnsNames = new ArrayList<>();

    @Option(names = "--days", description = "Validity in days (default: 1).")
    private Optional<Integer> days = Optional.empty();

    @Option(names = "--out", description = "Folder of the files (default: the namespace, in --dir).")
    private Optional<Path> out = Optional.empty();

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

    private int istio() {
        keys.checkPlain(options);
        options.refuse(name.isPresent(), "--name", "none, the namespace gets an intermediate of its own");
        options.refuse(trustDomain.isPresent(), "--trust-domain", "none, it is " + MakefileProfile.TRUST_DOMAIN);
        options.refuse(!dnsNames.isEmpty(), "--dns", "none");
        options.refuse(out.isPresent(), "--out", "none, the folder has the name of the namespace");
        Map<String, String> flags = new HashMap<>();
        days.ifPresent(it -> flags.put("WORKLOAD_DAYS", it.toString()));
        serviceAccount.ifPresent(it -> flags.put("SERVICE_ACCOUNT", it));
        X509Certificate made = options.makefile(flags, clock, report).certs(namespace);
        return report.print(spec, options.json(), made.getSubjectX500Principal().toString(), made);
    }

    private int spiffe() {
        CaFolder folder = options.folder();
        Path own = out.orElseGet(() -> folder.dir().resolve(CaFolder.checkName("namespace", namespace)));
        Authority authority = authority(folder);
        SpiffeId id = SpiffeId.ofWorkload(domainOf(authority), namespace, serviceAccount.orElse("default"));
        X509Certificate leaf = CaFolder.bothExist(own.resolve("key.pem"), own.resolve("workload-cert.pem"))
                ? reuse(own, id, authority)
                : make(own, id, authority);
        report.keptOrWritten(
                NewFile.open(own.resolve("workload-cert-chain.pem")), List.of(leaf, authority.certificate()));
        report.keptOrWritten(NewFile.open(own.resolve("root-cert.pem")), List.of(authority.root()));
        return report.print(spec, options.json(), id.toString(), leaf);
    }

    private Authority authority(CaFolder folder) {
        Path cluster = folder.cluster(cluster());
        CaSigner signer = CaFolder.signer(
                cluster.resolve("ca-key.pem"), keys.custody(), cluster.resolve("ca-cert.pem"), clock.instant());
        X509Certificate root = CaFolder.fresh(cluster.resolve("root-cert.pem"), clock.instant())
                .getFirst();
        return Authority.of(signer, root, clock);
    }

    private String cluster() {
        return name.orElseThrow(() -> new ParameterException(
                spec.commandLine(), "--name: missing (expected: the cluster whose intermediate signs)"));
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
        X509Svid svid = authority.svid(id, Duration.ofDays(days.orElse(1)), dnsNames.toArray(String[]::new));
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
                    certificate + ": of another intermediate (expected: signed by that of " + cluster() + ")");
        }
        report.reused(own.resolve("key.pem"));
        report.reused(certificate);
        return existing;
    }
}
