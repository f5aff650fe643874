package io.beringia.trust.federation;

import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.HttpsQuestion;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.client.WebTls;
import io.beringia.trust.identity.TrustBundles;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;

/**
 * Asks a bundle endpoint by HTTPS. Any thread. Each question has a connection and a handshake of its own, so nobody speaks
 * for roots that were withdrawn since.
 *
 * @param patience for the whole answer
 */
record HttpsBundleSource(ForeignDomain domain, Duration patience, InstantSource clock) implements BundleSource {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    HttpsBundleSource(ForeignDomain domain, InstantSource clock) {
        this(domain, PATIENCE, clock);
    }

    @Override
    public byte[] fetch(TrustBundles believed) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(domain.url())
                .header("Accept", "application/json")
                .build();
        return new HttpsQuestion(context(believed), JwkSetReader.DOCUMENT_BYTES_MAX, patience)
                .ask(request)
                .body();
    }

    private SSLContext context(TrustBundles believed) {
        return switch (domain.profile()) {
            case ForeignDomain.Profile.Web web -> WebTls.client(web.roots());
            case ForeignDomain.Profile.Spiffe spiffe ->
                HttpTls.anonymous(believed, new SpiffeVerifier(), clock, spiffe.endpoint()::equals);
        };
    }
}
