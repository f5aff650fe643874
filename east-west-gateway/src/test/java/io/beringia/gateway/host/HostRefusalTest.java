package io.beringia.gateway.host;

import static io.beringia.gateway.host.HostLab.ECHO;
import static io.beringia.gateway.host.HostLab.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.gateway.host.TwoNetworks.Cast;
import io.beringia.gateway.host.TwoNetworks.Mode;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whom a host proxy does not talk to through gateways, and what a gateway sees of those to whom it does. */
@Timeout(60)
final class HostRefusalTest {
    private static final TrustDomain ELSEWHERE = new TrustDomain("elsewhere.example");

    private final TwoNetworks networks = new TwoNetworks();
    private final HostLab lab = networks.lab();

    @AfterEach
    void close() {
        networks.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_gateway_that_is_somebody_else_is_refused_and_nothing_is_delivered(Mode mode) throws Exception {
        refuses(networks.cast(mode).gatewayIs(lab.credentials(id("beringia", "somebody"), mode.cluster())), "outer");
    }

    @ParameterizedTest
    @EnumSource
    void a_gateway_of_a_foreign_root_is_refused_and_nothing_is_delivered(Mode mode) throws Exception {
        refuses(networks.cast(mode).gatewayIs(foreign(HostLab.DOMAIN, mode)), "outer");
    }

    @ParameterizedTest
    @EnumSource
    void a_gateway_of_a_foreign_trust_domain_is_refused_even_by_its_own_name(Mode mode) throws Exception {
        Credentials foreigner = foreign(ELSEWHERE, mode);
        refuses(
                networks.cast(mode)
                        .gatewayIs(foreigner)
                        .expectingGateway(foreigner.svid().id()),
                "outer");
    }

    @ParameterizedTest
    @EnumSource
    void a_server_of_which_nobody_says_who_it_is_is_refused_and_nothing_is_delivered(Mode mode) throws Exception {
        refuses(networks.cast(mode).expectingServer());
    }

    @ParameterizedTest
    @EnumSource
    void a_server_of_a_foreign_trust_domain_is_refused_and_nothing_is_delivered(Mode mode) throws Exception {
        refuses(networks.cast(mode).expectingServer(SpiffeId.ofWorkload(ELSEWHERE, "demo", "echo")), "inner");
    }

    @ParameterizedTest
    @EnumSource
    void a_gateway_never_holds_what_two_hosts_say_to_each_other(Mode mode) throws Exception {
        String secret = "a word for the two of us, and for nobody between";
        try (WireTap tap = new WireTap(lab.ip(5), lab.ip(2), 15_008)) {
            networks.start(networks.cast(mode).serverSeenAt(5));
            try (Application application = new Application(lab.ip(2), 8080, Application::echo);
                    SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
                assertThat(socks.reply()).as("SOCKS reply").isZero();
                assertThat(socks.say(secret)).as("the answer").isEqualTo(secret);
                assertThat(application.accepted()).isEqualTo(1);
            }
            byte[] handedOver = tap.heard();
            assertThat(handedOver[0]).as("a TLS handshake").isEqualTo((byte) 22);
            assertThat(handedOver).as("and no less than what was said").hasSizeGreaterThan(secret.length());
            assertThat(new String(handedOver, StandardCharsets.ISO_8859_1))
                    .as("what the gateway held")
                    .doesNotContain(secret);
        }
    }

    private void refuses(Cast cast, String tunnel) throws IOException {
        refuses(cast);
        assertThat(lab.attemptsFailed(tunnel))
                .as("failures of the tunnel " + tunnel)
                .isPositive();
    }

    private void refuses(Cast cast) throws IOException {
        networks.start(cast);
        try (Application application = new Application(lab.ip(2), 8080, Application::echo);
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            assertThat(socks.reply()).as("general failure").isEqualTo(1);
            assertThat(application.accepted()).as("what was delivered").isZero();
        }
    }

    /** A gateway of another mesh that would itself believe everybody of ours. */
    private Credentials foreign(TrustDomain domain, Mode mode) {
        SpiffeId name = SpiffeId.ofWorkload(domain, "beringia", "gateway-" + mode.cluster());
        return new FixedCredentials(
                Authority.root(domain).intermediate(mode.cluster().name()).svid(name, Duration.ofHours(1)),
                lab.credentials(mode.gateway()).bundles());
    }
}
