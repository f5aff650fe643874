package io.beringia.discovery.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CatalogValuesTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void parsing_is_the_inverse_of_printing(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            IpAddress ip = anyIp(random);
            assertThat(IpAddress.parse(ip.toString()))
                    .as("%s", ip)
                    .isEqualTo(ip)
                    .hasSameHashCodeAs(ip);
            assertThat(IpAddress.of(ip.bytes())).isEqualTo(ip);
            SocketAddress address = new SocketAddress(ip, 1 + random.nextInt(65_535));
            assertThat(SocketAddress.parse(address.toString())).isEqualTo(address);
            ServiceName name = new ServiceName(anyLabel(random), anyLabel(random) + "." + anyLabel(random));
            assertThat(ServiceName.parse(name.toString())).isEqualTo(name);
        }
    }

    /** Zero groups are frequent, so that every kind of gap comes up. */
    private static IpAddress anyIp(Random random) {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(bytes);
        for (int i = 0; i + 1 < bytes.length; i += 2) {
            if (random.nextInt(3) > 0) {
                bytes[i] = 0;
                bytes[i + 1] = random.nextInt(3) > 0 ? 0 : bytes[i + 1];
            }
        }
        return IpAddress.of(bytes);
    }

    private static String anyLabel(Random random) {
        return "x" + Integer.toString(random.nextInt(1 << 20), 36);
    }

    @ParameterizedTest
    @CsvSource({
        "2001:0db8::0001, 2001:db8::1",
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8::ABCD, 2001:db8::abcd",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "fe80::1, fe80::1"
    })
    void ipv6_is_printed_as_rfc_5952_says(String given, String printed) {
        assertThat(IpAddress.parse(given)).hasToString(printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "1.2.3",
                "1.2.3.4.5",
                "01.2.3.4",
                "1.2.3.256",
                "1.2.3.-4",
                "1.2.3.4 ",
                "0x1.2.3.4",
                "١.2.3.4",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "12345::",
                "g::",
                "fe80::1%eth0",
                "::ffff:1.2.3.4",
                "1:2:3:4:5:6:7::8",
                "[::1]",
                "localhost"
            })
    void what_is_no_address_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.1",
                "10.0.0.1:",
                "10.0.0.1:0",
                "10.0.0.1:65536",
                "10.0.0.1:+80",
                "10.0.0.1:80 ",
                "::1:80",
                "[::1]",
                "[::1]80",
                "[10.0.0.1]:80",
                ":80",
                "host:80"
            })
    void what_is_no_socket_address_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SocketAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/h", "a/", "a/b/c"})
    void what_is_no_service_name_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ServiceName.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"east-1", "a", "0", "6f1c2d3e-0a1b-4c2d-8e3f-9a0b1c2d3e4f"})
    void a_cluster_may_be_called_by_any_label(String name) {
        assertThat(new ClusterId(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "api-prod:6443", "Prod", "-a", "a-", "a.b", "a_b", "a b"})
    void a_cluster_name_that_would_break_a_label_is_refused_with_the_rule(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClusterId(name))
                .withMessageContaining("\"" + name + "\"")
                .withMessageContaining("1 to 63 characters");
    }

    @Test
    void a_cluster_name_ends_at_63_characters() {
        assertThat(new ClusterId("x".repeat(63)).name()).hasSize(63);
        assertThatIllegalArgumentException().isThrownBy(() -> new ClusterId("x".repeat(64)));
    }

    @Test
    void addresses_know_what_they_are() {
        assertThat(IpAddress.parse("127.9.9.9").isLoopback()).isTrue();
        assertThat(IpAddress.parse("::1").isLoopback()).isTrue();
        assertThat(IpAddress.parse("::2").isLoopback()).isFalse();
        assertThat(IpAddress.parse("169.254.169.254").isLinkLocal()).isTrue();
        assertThat(IpAddress.parse("febf::1").isLinkLocal()).isTrue();
        assertThat(IpAddress.parse("fec0::1").isLinkLocal()).isFalse();
        assertThat(IpAddress.parse("0.0.0.0").isUnspecified()).isTrue();
        assertThat(IpAddress.parse("::").isUnspecified()).isTrue();
    }
}
