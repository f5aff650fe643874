package io.beringia.trust.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VirtualConstraintsTest {
    private static final String SHA256 = "0123456789abcdef".repeat(4);
    private static final TrustDomain PARTNER = TrustDomain.parse("partner.example");

    @Test
    void reads_what_keys_and_trust_domains_are_limited_to() {
        VirtualConstraints read =
                VirtualConstraints.parse(Enforcement.ENFORCE, """
                # the old intermediate names no cluster
                key %s  cluster=us-west  namespace=shop,cart
                domain partner.example cluster=partner-1   # by SPIRE
                """.formatted(SHA256.toUpperCase(Locale.ROOT)));

        assertThat(read)
                .isEqualTo(new VirtualConstraints(
                        Enforcement.ENFORCE,
                        Map.of(SHA256, new IssuerLimit(Set.of(), Optional.of("us-west"), Set.of("shop", "cart"))),
                        Map.of(PARTNER, new IssuerLimit(Set.of(), Optional.of("partner-1"), Set.of()))));
    }

    @Test
    void is_read_as_it_is_printed() {
        VirtualConstraints read = VirtualConstraints.parse(
                Enforcement.OBSERVE, "domain b namespace=y,x\nkey " + SHA256 + " domain=b,a namespace=z cluster=c\n");

        assertThat(read.lines())
                .containsExactly("domain b namespace=x,y", "key " + SHA256 + " cluster=c domain=a,b namespace=z");
        assertThat(VirtualConstraints.parse(
                        Enforcement.OBSERVE, String.join("\n", read.lines().toList())))
                .isEqualTo(read);
    }

    @Test
    void says_nothing_where_nothing_is_written() {
        assertThat(VirtualConstraints.parse(Enforcement.OBSERVE, "\n# nobody\n"))
                .isEqualTo(VirtualConstraints.NONE);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            key                              | 1 words (expected: a kind, a value and limits)
            root SHA cluster=a               | 'root' (expected: key or domain)
            key 0123 cluster=a               | 4 digits (expected: the 64 of a SHA-256)
            key SHA                          | no limit (expected: cluster=, namespace= or domain=)
            key SHA us-west                  | 'us-west' (expected: cluster=, namespace= or domain=)
            key SHA clusters=us-west         | 'clusters=us-west' (expected: cluster=, namespace= or domain=)
            key SHA cluster=                 | cluster: '' (expected: names of
            key SHA cluster=us-west,us-east  | 2 clusters (expected: one)
            key SHA namespace=shop,          | namespace: 'shop,' (expected: names of
            key SHA namespace=*              | namespace: '*' (expected: names of
            key SHA namespace=a namespace=b  | namespace= for the second time (expected: once)
            key SHA domain=TD                | trust domain: 'TD'
            domain TD cluster=a              | trust domain: 'TD'
            domain td domain=td              | domain= of a domain (expected: cluster= or namespace=)
            domain one cluster=a             | one for the second time (expected: once)
            """)
    void refuses_by_its_line(String line, String why) {
        String text = "domain one cluster=b\n" + line.replace("SHA", SHA256);

        assertThatThrownBy(() -> VirtualConstraints.parse(Enforcement.OBSERVE, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("issuers: line 2: ")
                .hasMessageContaining(why.replace('\'', '"'));
    }

    @Test
    void reads_as_many_names_as_a_cluster_can_have_and_refuses_more() {
        String line = "domain partner.example namespace=";

        assertThat(VirtualConstraints.parse(Enforcement.ENFORCE, line + names(10_000))
                        .ofDomain(PARTNER))
                .hasValueSatisfying(limit -> assertThat(limit.namespaces()).hasSize(10_000));
        assertThatThrownBy(() -> VirtualConstraints.parse(Enforcement.ENFORCE, line + names(20_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("issuers: line 1: namespace: 20000 names (expected: at most 10000)");
    }

    private static String names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "n" + i).collect(Collectors.joining(","));
    }

    @Test
    void are_observed_or_enforced_and_nothing_else() {
        assertThat(Enforcement.values())
                .allSatisfy(it -> assertThat(Enforcement.parse(it.toString())).isEqualTo(it));
        assertThatThrownBy(() -> Enforcement.parse("off")).hasMessage("\"off\" (expected: observe or enforce)");
    }
}
