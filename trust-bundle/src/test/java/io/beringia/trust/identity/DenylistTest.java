package io.beringia.trust.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DenylistTest {
    private static final String SHA256 = "0123456789abcdef".repeat(4);

    @Test
    void reads_ids_serials_keys_and_certificates() {
        Denylist read =
                Denylist.parse("""
                # since the break-in
                id spiffe://td/ns/shop/sa/cart   # all of them

                serial 3F:a9:07
                key %s
                certificate %s
                """.formatted(SHA256.toUpperCase(Locale.ROOT), SHA256.replaceAll("..(?=.)", "$0:")));

        assertThat(read)
                .isEqualTo(new Denylist(
                        Set.of(SpiffeId.parse("spiffe://td/ns/shop/sa/cart")),
                        Set.of(BigInteger.valueOf(0x3fa907)),
                        Set.of(SHA256),
                        Set.of(SHA256)));
    }

    @Test
    void denies_nobody_where_nothing_is_written() {
        assertThat(Denylist.parse("\n# nothing\n")).isEqualTo(Denylist.EMPTY);
    }

    @Test
    void covers_what_it_denies_too() {
        Denylist one = Denylist.parse("serial 1");
        Denylist both = Denylist.parse("serial 1\nserial 2");

        assertThat(both.covers(one)).isTrue();
        assertThat(one.covers(both)).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            id                   | 1 words (expected: a kind and a value)
            id spiffe://TD/a     | trust domain: "TD"
            ip 10.0.0.1          | "ip" (expected: id, serial, key or certificate)
            serial 3g            | "3g" (expected: hexadecimal digits)
            serial :             | ":" (expected: hexadecimal digits)
            serial -1            | "-1" (expected: hexadecimal digits)
            key 0123             | 4 digits (expected: the 64 of a SHA-256)
            id spiffe://td/a b   | 3 words (expected: a kind and a value)
            """)
    void refuses_by_its_line(String line, String why) {
        assertThatThrownBy(() -> Denylist.parse("serial 1\n" + line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("denylist: line 2: ")
                .hasMessageContaining(why);
    }
}
