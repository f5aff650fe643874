package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.TrustConfig;
import io.beringia.trust.federation.BundleEndpointConfig;
import io.beringia.trust.federation.FederationConfig;
import io.beringia.trust.federation.ForeignDomain;
import io.beringia.trust.federation.ForeignDomain.Profile;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FederationYamlTest extends ReadsRegions {
    @Test
    void every_key_of_a_federation_reaches_its_place() throws IOException {
        TrustConfig trust = read(HEAD + TRUST + """
                    federation:
                      dir: foreign
                      domains:
                      - trust-domain: partner.example
                        url: https://bundles.partner.example/x
                        https-spiffe: {id: "spiffe://partner.example/spire/server", bootstrap: partner.json}
                      - {trust-domain: web.example, url: "https://web.example/", https-web: {roots: web.pem}}
                      - {trust-domain: open.example, url: "https://open.example/", https-web: {}}
                    bundle-endpoint:
                      listen: 127.0.0.6:8443
                      path: /bundle
                      refresh-hint: 90s
                      https-web: {chain: chain.pem, key: key.pem}
                """).trust().orElseThrow();

        assertThat(trust.federation())
                .as("federation")
                .isEqualTo(new FederationConfig(
                        directory.resolve("foreign"),
                        List.of(
                                foreign(
                                        "partner.example",
                                        "https://bundles.partner.example/x",
                                        new Profile.Spiffe(
                                                SpiffeId.parse("spiffe://partner.example/spire/server"),
                                                Optional.of(directory.resolve("partner.json")))),
                                foreign(
                                        "web.example",
                                        "https://web.example/",
                                        new Profile.Web(Optional.of(directory.resolve("web.pem")))),
                                foreign("open.example", "https://open.example/", new Profile.Web(Optional.empty())))));
        assertThat(trust.bundleEndpoint())
                .as("bundle endpoint")
                .contains(new BundleEndpointConfig(
                        new InetSocketAddress("127.0.0.6", 8443),
                        "/bundle",
                        Duration.ofSeconds(90),
                        Optional.of(new BundleEndpointConfig.Web(
                                directory.resolve("chain.pem"), directory.resolve("key.pem")))));
    }

    @Test
    void a_federation_that_cannot_be_meant_is_refused() {
        Map.of(
                        "trust-domain: cluster.local, url: \"https://a.example/\", https-web: {}",
                        "cluster.local is our own (expected: other trust domains",
                        "trust-domain: a.example, url: \"http://a.example/\", https-web: {}",
                        "url: http://a.example/ (expected: https://host/path",
                        "trust-domain: a.example, url: \"https://me@a.example/\", https-web: {}",
                        "url: https://me@a.example/ (expected: https://host/path",
                        "trust-domain: a.example, url: \"https://a.example/\"",
                        "neither https-web nor https-spiffe (expected: one of them)",
                        "trust-domain: a.example, url: \"https://a.example/\", https-spiffe: {id: \"spiffe://a.example/x\"}",
                        "bootstrap: of a.example (expected: a bundle where the endpoint is of that trust domain",
                        "trust-domain: a.example, url: \"https://a.example/\", https-spiffe: {id: \"spiffe://b.example/x\"}",
                        "spiffe://b.example/x serves a.example (expected: an endpoint of a domain that is listed too)",
                        "trust-domain: a.example, url: \"https://a.example/\", https-web: {}}, {trust-domain: a.example, url: \"https://a.example/\", https-web: {}",
                        "federation.domains: a.example twice (expected: once)")
                .forEach((domain, sentence) -> assertThat(
                                refused(HEAD + TRUST + "    federation: {domains: [{" + domain + "}]}\n")
                                        .getMessage())
                        .as(domain)
                        .contains(sentence));
        Map.of(
                        "path: bundle",
                        "bundle-endpoint.path: \"bundle\" (expected: /, or",
                        "refresh-hint: 59s",
                        "bundle-endpoint.refresh-hint: PT59S (expected: PT1M to PT1H)",
                        "refresh-hint: 2h",
                        "bundle-endpoint.refresh-hint: PT2H (expected: PT1M to PT1H)",
                        "listen: 127.0.0.6:15012",
                        "trust.listen: 127.0.0.6:15012 is taken by trust.bundle-endpoint.listen")
                .forEach((wrong, sentence) -> assertThat(refused(HEAD + TRUST + "    bundle-endpoint: {"
                                        + (wrong.startsWith("listen") ? "" : "listen: \"127.0.0.6:8443\", ")
                                        + wrong + "}\n")
                                .getMessage())
                        .as(wrong)
                        .contains(sentence));
    }

    @Test
    void a_peer_of_another_trust_domain_needs_somebody_who_brings_its_roots() throws IOException {
        String peered = TRUST + """
                    %s
                  discovery:
                    peers:
                    - cluster: west-1
                      region: us-west
                      trust-domain: partner.example
                      identities: ["spiffe://partner.example/ns/b/sa/discovery"]
                      networks: [net-west]
                    identity-from:
                      %s
                """;
        String partner = "federation: {domains: "
                + "[{trust-domain: partner.example, url: \"https://partner.example/\", https-web: {}}]}";
        String issuer = "trust: {address: \"ca.test:15012\", server: "
                + "\"spiffe://cluster.local/ns/beringia-system/sa/trust\", roots: r, token: t}";
        String files = "files: {chain: c, key: k, bundles: {cluster.local: r, partner.example: p}}";

        assertThat(refused(HEAD + peered.formatted("demo: false", issuer)).getMessage())
                .as("nobody")
                .contains("discovery.peers: west-1 of partner.example (expected: of cluster.local, or of a domain in"
                        + " trust.federation)");
        assertThat(read(HEAD + peered.formatted(partner, issuer)).discovery())
                .as("our issuer")
                .isPresent();
        assertThat(read(HEAD + peered.formatted("demo: false", files)).discovery())
                .as("a file")
                .isPresent();
    }

    private static ForeignDomain foreign(String domain, String url, Profile profile) {
        return new ForeignDomain(TrustDomain.parse(domain), URI.create(url), profile);
    }
}
