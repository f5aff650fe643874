package io.beringia.trust.bench;

import static io.beringia.trust.bench.TrustBenchMain.JDK;
import static io.beringia.trust.bench.TrustBenchMain.OURS;

import io.beringia.trust.bench.TrustBenchMain.Sample;
import io.beringia.trust.bench.TrustBenchMain.Scale;
import io.beringia.trust.pki.CertificateRequest;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the issuance server does of a request once it knows who asks: read it, check its proof of possession, make the leaf and
 * sign it. Beside it the JDK's own share alone: one signature verified and one made, and no certificate.
 */
final class IssueBench {
    private static final Duration TTL = Duration.ofHours(24);
    private static final String ALGORITHM = "SHA256withECDSA";
    private static final String PROVIDER = "SunEC";

    /** As many octets as the body of a leaf has. */
    private static final int BODY_BYTES = 400;

    private final Scale scale;
    private final BenchMesh mesh;
    private final List<String> requests;
    private final KeyPair own;
    private final byte[] body = new byte[BODY_BYTES];
    private final byte[] proof;

    IssueBench(Scale scale) {
        this.scale = scale;
        this.mesh = BenchMesh.of(scale.leaves());
        this.requests = IntStream.range(0, scale.leaves())
                .mapToObj(i -> CertificateRequest.write(
                        mesh.keys().get(i), BenchMesh.id(i).toString()))
                .toList();
        this.own = mesh.keys().getFirst();
        try {
            this.proof = signed();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(PROVIDER + ": missing (expected: part of every JDK)", missing);
        }
    }

    List<Sample> take() {
        List<Sample> samples = new ArrayList<>();
        for (int round = -scale.rounds(); round < scale.rounds(); round++) {
            double ours = Processor.seconds(() -> issue(scale.leaves()));
            double theirs = Processor.seconds(() -> verifyAndSign(scale.leaves()));
            if (round >= 0) {
                samples.add(rate(OURS, ours));
                samples.add(rate(JDK, theirs));
            }
        }
        return samples;
    }

    private Sample rate(String who, double seconds) {
        return new Sample("leaves issued, with proof", "1/CPU s", false, ">= 3000", who, scale.leaves() / seconds);
    }

    /** All of a mesh at once, as after a root was lost. */
    List<Sample> again() {
        issue(scale.leaves());
        double seconds = Processor.seconds(() -> issue(scale.reissued()));
        String goal = scale.reissued() == Scale.FULL.reissued() ? "<= 34" : "";
        return List.of(
                new Sample("%d leaves issued again".formatted(scale.reissued()), "CPU s", true, goal, OURS, seconds));
    }

    private void issue(int leaves) {
        for (int i = 0; i < leaves; i++) {
            int workload = i % requests.size();
            CertificateRequest request = CertificateRequest.parse(requests.get(workload));
            mesh.authority().issue(BenchMesh.id(workload), request.key(), TTL, List.of());
        }
    }

    private void verifyAndSign(int leaves) throws GeneralSecurityException {
        for (int i = 0; i < leaves; i++) {
            Signature verification = Signature.getInstance(ALGORITHM, PROVIDER);
            verification.initVerify(own.getPublic());
            verification.update(body);
            if (!verification.verify(proof)) {
                throw new IllegalStateException("proof: refused (expected: our own)");
            }
            signed();
        }
    }

    private byte[] signed() throws GeneralSecurityException {
        Signature signature = Signature.getInstance(ALGORITHM, PROVIDER);
        signature.initSign(own.getPrivate());
        signature.update(body);
        return signature.sign();
    }
}
