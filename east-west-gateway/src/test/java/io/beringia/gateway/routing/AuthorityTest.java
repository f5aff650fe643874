package io.beringia.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.catalog.SocketAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthorityTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cart.shop.svc.cluster.local:80",
                "a:1",
                "x_y-z.1a:65535",
                "0x7f.local:1",
            })
    void a_lower_case_name_and_a_port_are_a_service(String text) {
        assertThat(Authority.parse(text))
                .isInstanceOfSatisfying(
                        Authority.Parsed.Hostname.class,
                        named -> assertThat(named.authority()).hasToString(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1:80", "[::1]:80", "[2001:db8::1]:15008"})
    void an_address_is_no_name(String text) {
        assertThat(Authority.parse(text)).isEqualTo(new Authority.Parsed.Ip(SocketAddress.parse(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":80",
                "cart",
                "cart:",
                "cart:0",
                "cart:00080",
                "cart:080",
                "cart:65536",
                "cart:99999",
                "cart:-1",
                "cart:+80",
                "cart:8o",
                "cart:٨٠",
                "Cart.shop:80",
                "cart.shop.:80",
                ".cart:80",
                "cart..shop:80",
                "user@cart:80",
                "user:pw@cart:80",
                "cart%2eshop:80",
                "cart shop:80",
                "cart\n:80",
                "cart/shop:80",
                "http://cart:80",
                "*.shop:80",
                "-cart:80",
                "cart-:80",
                "kärt:80",
                "[fe80::1%eth0]:80",
                "[::1]",
                "::1:80",
                "[10.0.0.1]:80",
                "10.0.0.1",
                "10.0.0.256:80",
                "010.0.0.1:80",
                "10.1:80",
                "2130706433:80",
                "0x7f000001:80x",
            })
    void everything_else_is_malformed(String text) {
        assertThat(Authority.parse(text)).isInstanceOf(Authority.Parsed.Malformed.class);
    }

    @Test
    void two_hundred_and_fifty_nine_bytes_are_the_most() {
        String label = "a".repeat(63);
        String host = String.join(".", label, label, label, "b".repeat(61));
        assertThat(host).hasSize(253);
        assertThat(Authority.parse(host + ":65535")).isInstanceOf(Authority.Parsed.Hostname.class);
        assertThat(Authority.parse(host + "b:1")).isInstanceOf(Authority.Parsed.Malformed.class);
        assertThat(Authority.parse("a".repeat(64) + ":1")).isInstanceOf(Authority.Parsed.Malformed.class);
    }

    @Test
    void what_is_malformed_is_shown_escaped_and_cut() {
        assertThat(Authority.parse("evil\r\nlog: \"line\"" + "x".repeat(70_000)))
                .isInstanceOfSatisfying(
                        Authority.Parsed.Malformed.class,
                        malformed -> assertThat(malformed.detail())
                                .hasSizeLessThan(600)
                                .doesNotContain("\r", "\n")
                                .contains("\\u000d\\u000a"));
    }

    @Test
    void printing_is_the_inverse_of_parsing_for_whatever_is_accepted() {
        Random random = new Random(7);
        for (int i = 0; i < 50_000; i++) {
            String text = randomText(random);
            switch (Authority.parse(text)) {
                case Authority.Parsed.Hostname named ->
                    assertThat(named.authority()).hasToString(text);
                case Authority.Parsed.Ip ip ->
                    assertThat(SocketAddress.parse(ip.address().toString())).isEqualTo(ip.address());
                case Authority.Parsed.Malformed malformed ->
                    assertThat(malformed.detail()).startsWith("authority: ");
            }
        }
    }

    @Test
    void none_can_be_made_that_would_not_parse() {
        assertThatThrownBy(() -> new Authority("10.0.0.1", 80)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Authority("cart", 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String randomText(Random random) {
        String alphabet = "ab1.:-[]%@A \n";
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return random.nextBoolean() ? text + ":80" : text.toString();
    }
}
