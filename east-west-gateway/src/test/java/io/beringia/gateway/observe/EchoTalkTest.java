package io.beringia.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EchoTalkTest {
    private static final byte[] GREETING = "\u0006east-1".getBytes(StandardCharsets.UTF_8);

    private final EchoTalk talk = new EchoTalk(1, new Random(3));

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void an_echo_after_the_greeting_is_an_answer_by_that_cluster() {
        byte[] word = talk.ask(100);
        assertThat(word).hasSize(EchoTalk.WORD_BYTES);
        assertThat(talk.hear(joined(GREETING, word), 130)).isEqualTo(new EchoTalk.Heard.Answer("east-1", 30));
        assertThat(talk.owed()).isZero();
    }

    @Test
    void bytes_may_come_in_any_pieces() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            EchoTalk large = new EchoTalk(1_024, random);
            byte[] all = joined(GREETING, large.ask(1));
            int at = 0;
            EchoTalk.Heard heard = new EchoTalk.Heard.Nothing();
            while (at < all.length) {
                assertThat(heard).isInstanceOf(EchoTalk.Heard.Nothing.class);
                int next = Math.min(all.length, at + 1 + random.nextInt(4_000));
                heard = large.hear(Arrays.copyOfRange(all, at, next), 5);
                at = next;
            }
            assertThat(heard).isEqualTo(new EchoTalk.Heard.Answer("east-1", 4));
        }
    }

    @Test
    void several_answers_at_once_are_the_newest_one() {
        byte[] first = talk.ask(100);
        byte[] second = talk.ask(110);
        assertThat(talk.owed()).isEqualTo(2);
        assertThat(talk.hear(joined(GREETING, first, second), 150)).isEqualTo(new EchoTalk.Heard.Answer("east-1", 40));
    }

    @Test
    void what_was_not_said_is_no_echo() {
        assertThat(talk.hear(joined(GREETING, new byte[] {1}), 1)).isInstanceOf(EchoTalk.Heard.Wrong.class);
        talk.restart();
        byte[] word = talk.ask(1);
        word[15] ^= 1;
        assertThat(talk.hear(joined(GREETING, word), 2)).isInstanceOf(EchoTalk.Heard.Wrong.class);
    }

    @Test
    void after_a_restart_old_answers_are_strange() {
        byte[] old = talk.ask(1);
        talk.restart();
        talk.ask(2);
        assertThat(talk.owed()).isEqualTo(1);
        assertThat(talk.hear(joined(GREETING, old), 3)).isInstanceOf(EchoTalk.Heard.Wrong.class);
    }
}
