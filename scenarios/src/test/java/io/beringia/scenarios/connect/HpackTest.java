package io.beringia.scenarios.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Field blocks as RFC 7541 shows them. */
final class HpackTest {
    private final HpackDecoder decoder = new HpackDecoder();

    private List<Field> decode(String hex) {
        return decoder.decode(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void reads_the_requests_of_appendix_c_4() {
        assertThat(decode("828684418cf1e3c2e5f23a6ba0ab90f4ff"))
                .containsExactly(
                        new Field(":method", "GET"),
                        new Field(":scheme", "http"),
                        new Field(":path", "/"),
                        new Field(":authority", "www.example.com"));
        assertThat(decode("828684be5886a8eb10649cbf"))
                .contains(new Field(":authority", "www.example.com"), new Field("cache-control", "no-cache"));
        assertThat(decode("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"))
                .contains(new Field(":authority", "www.example.com"), new Field("custom-key", "custom-value"));
    }

    @Test
    void reads_what_it_writes() {
        List<Field> fields = List.of(new Field(":method", "CONNECT"), new Field("x", "\u00ff".repeat(300)));
        assertThat(decoder.decode(Hpack.encode(fields))).isEqualTo(fields);
    }

    @Test
    void forgets_what_does_not_fit() {
        decode("40 01 61 01 62");
        assertThat(decode("be")).containsExactly(new Field("a", "b"));
        decode("20");
        assertThatThrownBy(() -> decode("be")).hasMessageContaining("index: 62");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "be",
                "3fe1ff03",
                "0001780179 20",
                "00017884ffffffff",
                "0001788118",
                "000578",
                "ffffffffffff"
            })
    void refuses_what_is_no_field_block(String hex) {
        assertThatThrownBy(() -> decode(hex)).isInstanceOf(IllegalArgumentException.class);
    }
}
