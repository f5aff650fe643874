package io.beringia.trust.issuance;

import com.google.protobuf.Struct;
import io.beringia.trust.TrustTelemetry;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.proto.IstioCertificateRequest;
import io.beringia.trust.client.proto.IstioCertificateResponse;
import io.beringia.trust.client.proto.IstioCertificateServiceGrpc.IstioCertificateServiceImplBase;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.pki.Pem;
import io.grpc.stub.StreamObserver;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Istio's CreateCertificate: ztunnels, gateways and our own processes get their SVIDs here. Any thread.
 *
 * <p>The answer is leaf, one intermediate per element, and in the last element all roots of our own trust domain:
 * ztunnel makes each of them an anchor for everybody, so a foreign root never stands there.
 */
final class CertificateService extends IstioCertificateServiceImplBase {
    /** Signing takes less than a millisecond of one core: more at once only queue. */
    private static final int REQUESTS_MAX = 64;

    private static final String IMPERSONATED = "ImpersonatedIdentity";
    private static final String SIGNER = "CertSigner";

    private final Supplier<Authority> authority;
    private final Callers callers;
    private final IssuanceRules rules;
    private final PodDirectory pods;
    private final Credentials trusted;
    private final IssuanceRecord record;
    private final TrustTelemetry telemetry;
    private final InstantSource clock;
    private final Semaphore requests = new Semaphore(REQUESTS_MAX);

    CertificateService(
            Supplier<Authority> authority,
            Callers callers,
            IssuanceRules rules,
            PodDirectory pods,
            Credentials trusted,
            IssuanceRecord record,
            TrustTelemetry telemetry,
            InstantSource clock) {
        this.authority = authority;
        this.callers = callers;
        this.rules = rules;
        this.pods = pods;
        this.trusted = trusted;
        this.record = record;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    @Override
    public void createCertificate(IstioCertificateRequest request, StreamObserver<IstioCertificateResponse> observer) {
        if (!requests.tryAcquire()) {
            refuse(observer, Refusal.BUSY, REQUESTS_MAX + " requests at once", Optional.empty(), Optional.empty());
            return;
        }
        Runnable ended = telemetry.requestBegan();
        try {
            answer(request, observer);
        } finally {
            ended.run();
            requests.release();
        }
    }

    private void answer(IstioCertificateRequest request, StreamObserver<IstioCertificateResponse> observer) {
        Instant now = clock.instant();
        TrustBundles bundles = trusted.bundles();
        switch (callers.of(ShownCredentials.current(), bundles, now)) {
            case Callers.Refused(Refusal why, String detail) ->
                refuse(observer, why, detail, Optional.empty(), wish(request).impersonated());
            case Callers.Known(Caller known) -> {
                Caller caller = known.in(ShownCredentials.instance());
                switch (rules.decide(caller, wish(request), signerLeft(now), pods.view(), now)) {
                    case IssuanceRules.Refuse(Refusal why, String detail) ->
                        refuse(
                                observer,
                                why,
                                detail,
                                Optional.of(caller),
                                wish(request).impersonated());
                    case IssuanceRules.Issue issue -> issue(observer, caller, issue, bundles);
                }
            }
        }
    }

    private void issue(
            StreamObserver<IstioCertificateResponse> observer,
            Caller caller,
            IssuanceRules.Issue issue,
            TrustBundles bundles) {
        Authority signer = authority.get();
        List<X509Certificate> chain;
        try {
            chain = signer.issue(issue.id(), issue.key(), issue.ttl(), issue.dnsNames());
        } catch (IllegalStateException away) {
            String why = String.valueOf(away.getMessage());
            refuse(observer, Refusal.SIGNER_AWAY, why, Optional.of(caller), Optional.empty());
            return;
        }
        if (!record.issued(caller, issue.id(), chain.getFirst(), signer.root(), bundles.generation())) {
            refuse(observer, Refusal.NOT_RECORDED, issue.id().toString(), Optional.of(caller), Optional.empty());
            return;
        }
        IstioCertificateResponse.Builder response = IstioCertificateResponse.newBuilder();
        for (X509Certificate certificate : chain) {
            response.addCertChain(Pem.write(certificate));
        }
        response.addCertChain(Pem.write(bundles.rootsOf(signer.trustDomain())));
        telemetry.issued(issue.id());
        observer.onNext(response.build());
        observer.onCompleted();
    }

    private void refuse(
            StreamObserver<IstioCertificateResponse> observer,
            Refusal why,
            String detail,
            Optional<Caller> caller,
            Optional<String> requested) {
        telemetry.refused(why, detail);
        record.refused(why, caller, requested);
        observer.onError(why.status().asRuntimeException());
    }

    private Duration signerLeft(Instant now) {
        return Duration.between(now, authority.get().certificate().getNotAfter().toInstant());
    }

    private static IssuanceRules.Wish wish(IstioCertificateRequest request) {
        Struct metadata = request.getMetadata();
        return new IssuanceRules.Wish(
                request.getCsr(),
                request.getValidityDuration(),
                Optional.ofNullable(metadata.getFieldsMap().get(IMPERSONATED)).map(value -> value.getStringValue()),
                metadata.containsFields(SIGNER));
    }
}
