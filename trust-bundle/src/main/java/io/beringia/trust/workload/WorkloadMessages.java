package io.beringia.trust.workload;

import com.google.protobuf.ByteString;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.X509;
import io.beringia.trust.workload.proto.X509BundlesResponse;
import io.beringia.trust.workload.proto.X509SVID;
import io.beringia.trust.workload.proto.X509SVIDResponse;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** What the standard makes of a state: each message is all that its receiver may have. Pure. */
final class WorkloadMessages {
    private WorkloadMessages() {}

    /** Empty where one of the identities is missing: half an answer would take the other half away. */
    static Optional<X509SVIDResponse> svids(List<WorkloadEntry> entries, WorkloadState state) {
        X509SVIDResponse.Builder message = X509SVIDResponse.newBuilder();
        for (WorkloadEntry entry : entries) {
            X509Svid svid = state.svids().get(entry.id());
            if (svid == null) {
                return Optional.empty();
            }
            message.addSvids(svid(entry, svid, state));
        }
        state.bundles().roots().forEach((domain, roots) -> {
            if (!domain.equals(state.own())) {
                message.putFederatedBundles(name(domain), der(roots));
            }
        });
        return Optional.of(message.build());
    }

    private static X509SVID svid(WorkloadEntry entry, X509Svid svid, WorkloadState state) {
        return X509SVID.newBuilder()
                .setSpiffeId(entry.id().toString())
                .setX509Svid(der(svid.chain()))
                .setX509SvidKey(ByteString.copyFrom(svid.key().getEncoded()))
                .setBundle(der(state.bundles().rootsOf(state.own())))
                .setHint(entry.hint().orElse(""))
                .build();
    }

    static X509BundlesResponse bundles(WorkloadState state) {
        X509BundlesResponse.Builder message = X509BundlesResponse.newBuilder();
        state.bundles().roots().forEach((domain, roots) -> message.putBundles(name(domain), der(roots)));
        return message.build();
    }

    private static String name(TrustDomain domain) {
        return "spiffe://" + domain;
    }

    private static ByteString der(List<X509Certificate> certificates) {
        return certificates.stream()
                .map(one -> ByteString.copyFrom(X509.encoded(one)))
                .reduce(ByteString.EMPTY, ByteString::concat);
    }
}
