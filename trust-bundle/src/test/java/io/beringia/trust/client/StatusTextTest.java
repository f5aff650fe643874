package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

final class StatusTextTest {
    @Test
    void a_refusal_is_its_code_and_words() {
        assertThat(StatusText.of(Status.UNAUTHENTICATED.withDescription("request authenticate failure")))
                .as("text")
                .isEqualTo("UNAUTHENTICATED: request authenticate failure");
        assertThat(StatusText.of(Status.CANCELLED)).as("without words").isEqualTo("CANCELLED");
    }

    @Test
    void the_first_cause_says_why_and_traces_stay_away() {
        SSLHandshakeException handshake = new SSLHandshakeException("General OpenSslEngine problem");
        handshake.initCause(new CertificateException("unknown-trust-domain: no root of a.example\nat somewhere"));

        assertThat(StatusText.of(Status.UNAVAILABLE
                        .withDescription("io exception\nChannel Pipeline: [SslHandler#0]")
                        .withCause(new IOException("wrapped", handshake))))
                .as("text")
                .isEqualTo("UNAVAILABLE: io exception: unknown-trust-domain: no root of a.example");
    }

    @Test
    void a_cause_without_words_is_named_and_a_long_one_is_cut() {
        assertThat(StatusText.of(Status.UNKNOWN.withCause(new IllegalStateException())))
                .as("named")
                .isEqualTo("UNKNOWN: IllegalStateException");
        assertThat(StatusText.of(Status.UNKNOWN.withDescription("x".repeat(1_000))))
                .as("cut")
                .hasSize(303)
                .endsWith("x...");
    }
}
