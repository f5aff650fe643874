package io.beringia.trust.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NamesTest {
    private static final long SEED = 20260601;
    private static final String DOMAIN_CHARACTERS = "abcxyz0189._-";
    private static final String PATH_CHARACTERS = DOMAIN_CHARACTERS + "ABCXYZ";

    @Test
    void parsing_a_printed_id_gives_the_id() {
        Random random = new Random(SEED);
        for (int i = 0; i < 5_000; i++) {
            SpiffeId id = new SpiffeId(TrustDomain.parse(text(random, DOMAIN_CHARACTERS, 255)), path(random));

            assertThat(SpiffeId.parse(id.toString()))
                    .as("seed %d, step %d", SEED, i)
                    .isEqualTo(id);
        }
    }

    @Test
    void printing_a_parsed_text_gives_the_text_and_everything_else_is_refused() {
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            String text = damaged("spiffe://td.example/ns/shop/sa/cart", random);

            assertThat(SpiffeId.tryParse(text).map(SpiffeId::toString).orElse(text))
                    .as("seed %d, step %d", SEED, i)
                    .isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "cluster.local", "10.1.2.3", "a_b", "-", ".", "a..b", "0"})
    void a_trust_domain_may_be(String name) {
        assertThat(TrustDomain.parse(name)).as(name).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "a/b", "a:1", "a@b", "[::1]", "a%62", "\u00e4", "a b", "a\n"})
    void a_trust_domain_may_not_be(String name) {
        assertThatThrownBy(() -> TrustDomain.parse(name))
                .as(name)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: ");
    }

    @Test
    void a_trust_domain_has_255_bytes_at_most() {
        assertThat(TrustDomain.parse("a".repeat(255)).name()).as("longest").hasSize(255);
        assertThatThrownBy(() -> TrustDomain.parse("a".repeat(256)))
                .as("one more")
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "spiffe://td/ns/shop/sa/cart, shop, cart",
        "spiffe://td/ns/a/sa/b.c_d, a, b.c_d",
    })
    void names_the_service_account_of_an_istio_identity(String id, String namespace, String account) {
        assertThat(SpiffeId.parse(id).serviceAccount())
                .as(id)
                .isEqualTo(Optional.of(new SpiffeId.ServiceAccount(namespace, account)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spiffe://td", "spiffe://td/ns/shop", "spiffe://td/ns/a/sa/b/c", "spiffe://td/sa/a/ns/b"})
    void names_no_service_account_of_another_identity(String id) {
        assertThat(SpiffeId.parse(id).serviceAccount()).as(id).isEmpty();
    }

    @Test
    void a_message_shows_no_control_characters_and_not_the_whole_of_a_long_text() {
        assertThatThrownBy(() -> SpiffeId.parse("\u001b[31m" + "x".repeat(10_000)))
                .as("escaped and cut")
                .satisfies(e -> assertThat(e.getMessage())
                        .as("message")
                        .hasSizeLessThan(400)
                        .doesNotContain("\u001b"));
    }

    @ParameterizedTest
    @CsvSource({"BAD_IDENTITY, bad-identity", "NO_PATH, no-path", "INTERNAL, internal"})
    void a_reason_is_one_word(RejectReason reason, String word) {
        assertThat(reason.word()).as("word").isEqualTo(word);
    }

    private static String path(Random random) {
        return IntStream.range(0, random.nextInt(6))
                .mapToObj(i -> "/" + segment(random))
                .collect(Collectors.joining());
    }

    private static String segment(Random random) {
        String segment = text(random, PATH_CHARACTERS, 60);
        return segment.equals(".") || segment.equals("..") ? "x" : segment;
    }

    private static String text(Random random, String characters, int lengthMax) {
        return IntStream.range(0, 1 + random.nextInt(lengthMax))
                .mapToObj(i -> String.valueOf(characters.charAt(random.nextInt(characters.length()))))
                .collect(Collectors.joining());
    }

    private static String damaged(String text, Random random) {
        StringBuilder damaged = new StringBuilder(text);
        damaged.setCharAt(random.nextInt(text.length()), (char) random.nextInt(0x180));
        return damaged.toString();
    }
}
