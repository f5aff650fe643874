package io.beringia.trust.bench;

import static io.beringia.trust.bench.TrustBenchMain.JDK;
import static io.beringia.trust.bench.TrustBenchMain.OURS;

import io.beringia.trust.bench.TrustBenchMain.Sample;
import io.beringia.trust.bench.TrustBenchMain.Scale;
import io.beringia.trust.client.RememberedVerdicts;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.pki.X509;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A chain of leaf and intermediate as a handshake shows it, from its octets to a verdict: each chain another one, first by a
 * verifier that knows nothing, then by one that has met the intermediate, and again the ones that were asked for before. The
 * JDK's path check ({@code PKIX}) reads and validates the same octets; it looks at no SPIFFE rule.
 */
final class VerifyBench {
    /** More than the JDK's factory keeps, 750, and no more than we remember. */
    private static final int CHAINS_MAX = 2_000;

    /** The same chains so often: one look costs too little to be measured. */
    private static final int REPEATED = 10;

    private static final double MICROS = 1e6;

    private final Scale scale;
    private final TrustBundles bundles;
    private final List<List<byte[]>> chains;
    private final Instant now = Instant.now();
    private final CertificateFactory factory;
    private final CertPathValidator validator;
    private final PKIXParameters parameters;

    VerifyBench(Scale scale) {
        this.scale = scale;
        BenchMesh mesh = BenchMesh.of(Math.min(scale.leaves(), CHAINS_MAX));
        this.bundles = mesh.root().bundles();
        this.chains = IntStream.range(0, mesh.keys().size())
                .mapToObj(i -> X509.encoded(mesh.authority()
                        .issue(BenchMesh.id(i), mesh.keys().get(i).getPublic(), Duration.ofHours(24), List.of())))
                .toList();
        try {
            this.factory = CertificateFactory.getInstance("X.509");
            this.validator = CertPathValidator.getInstance("PKIX");
            this.parameters =
                    new PKIXParameters(Set.of(new TrustAnchor(mesh.root().root(), null)));
            parameters.setRevocationEnabled(false);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("PKIX: missing (expected: part of every JDK)", missing);
        }
    }

    List<Sample> take() {
        List<Sample> samples = new ArrayList<>();
        for (int round = -scale.rounds(); round < scale.rounds(); round++) {
            RememberedVerdicts remembered = new RememberedVerdicts();
            double first = Processor.seconds(() -> judge(new SpiffeVerifier()));
            double cold = Processor.seconds(() -> judge(remembered));
            double pkix = Processor.seconds(this::validate);
            double cached = Processor.seconds(() -> repeat(() -> judge(remembered)));
            double pkixAgain = Processor.seconds(() -> repeat(this::validate));
            if (round >= 0) {
                samples.add(cost("verdict, nothing known", "", OURS, first));
                samples.add(cost("verdict, nothing known", "", JDK, pkix));
                samples.add(cost("verdict on a new chain", "<= 100", OURS, cold));
                samples.add(cost("verdict on a new chain", "<= 100", JDK, pkix));
                samples.add(cost("verdict on a known chain", "<= 5", OURS, cached / REPEATED));
                samples.add(cost("verdict on a known chain", "<= 5", JDK, pkixAgain / REPEATED));
            }
        }
        return samples;
    }

    private Sample cost(String figure, String goal, String who, double seconds) {
        return new Sample(figure, "CPU us", true, goal, who, seconds / chains.size() * MICROS);
    }

    private static void repeat(Processor.Work work) throws Exception {
        for (int i = 0; i < REPEATED; i++) {
            work.run();
        }
    }

    private void judge(PeerVerifier verifier) {
        for (List<byte[]> chain : chains) {
            if (!(verifier.verify(chain, PeerVerifier.PeerRole.CLIENT, bundles, now) instanceof PeerVerdict.Verified)) {
                throw new IllegalStateException("verdict: refused (expected: verified)");
            }
        }
    }

    private void validate() throws GeneralSecurityException {
        for (List<byte[]> chain : chains) {
            List<Certificate> read = new ArrayList<>();
            for (byte[] der : chain) {
                read.add(factory.generateCertificate(new ByteArrayInputStream(der)));
            }
            validator.validate(factory.generateCertPath(read), parameters);
        }
    }
}
