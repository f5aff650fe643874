package io.beringia.trust.rotator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.rotation.RotationPhase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one trust role tells another: whole, by the right clock, and of itself alone. */
final class PeerReportTest {
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final RotationState STATE =
            RotationState.first(Sights.OLD).under(new Lead(3, "east")).because("ann", "a test");

    private static PeerReport report(Instant at) {
        return new PeerReport("west", at, STATE, Sights.of("west"));
    }

    @Test
    void what_was_written_is_read() {
        for (RotationPhase phase : Phases.all(Sights.OLD, Sights.NEW, 7, Sights.AT)) {
            PeerCall order = new PeerCall.Order(STATE.on(phase));
            assertThat(PeerJson.call(PeerJson.write(order))).as(phase.word()).isEqualTo(order);
        }
        PeerCall claim = new PeerCall.Claim(new Lead(9, "west"));
        assertThat(PeerJson.call(PeerJson.write(claim))).isEqualTo(claim);
        for (PeerReply reply : List.of(
                new PeerReply.Agreed(report(Sights.AT)),
                new PeerReply.Refused(PeerRefusal.NOT_READY, "no intermediate", Lead.parse("4 south")),
                new PeerReply.Failed("a full disk"))) {
            assertThat(PeerJson.reply(octets(PeerJson.write(reply).toString()))).isEqualTo(reply);
        }
    }

    @Test
    void half_a_report_is_none() {
        String whole = PeerJson.write(new PeerReply.Agreed(report(Sights.AT))).toString();
        assertThat(whole).as("no root is cut short").contains("\"" + Sights.NEW.sha256() + "\"");
        for (String wrong : List.of(
                "",
                "[]",
                "{}",
                "{\"outcome\": \"agreed\"}",
                "{\"outcome\": \"agreed\", \"report\": null}",
                "{\"outcome\": \"maybe\"}",
                "{\"outcome\": \"refused\", \"why\": \"mood\", \"detail\": \"\", \"lead\": \"1 a\"}",
                "{\"outcome\": \"refused\", \"why\": \"not-ready\", \"detail\": \"\", \"lead\": \"x\"}",
                whole.replace("\"planes\"", "\"aeroplanes\""),
                whole.replace("\"seenAt\"", "\"forgotten\""),
                whole.replace("\"at\":\"2026", "\"at\":\"soon"),
                whole.replace("[{\"plane\"", "[null,{\"plane\""),
                whole.replace("lead 3 east", "lead 4 east"),
                whole.replace("\"name\":\"west\"", "\"name\":\"east\""),
                whole.replace("\"ca/west\"", "\"ca/east\""),
                whole.replace("/sa/cart@1", "/sa/cart@1 x"),
                whole.replace("/sa/cart@1", "/sa/cart@1\\nroot x"),
                whole.replace(Sights.NEW.sha256(), "bbbb"),
                whole.replace("{\"outcome\"", "{\"outcome\":\"agreed\",\"outcome\""))) {
            assertThat(wrong).as("was changed").isNotEqualTo(whole);
            assertThatThrownBy(() -> PeerJson.reply(octets(wrong)))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String wrong :
                List.of("", "{}", "{\"claim\": \"0 east\"}", "{\"claim\": \"x y\"}", "{\"order\": \"x\"}")) {
            assertThatThrownBy(() -> PeerJson.call(octets(wrong)))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void nothing_is_taken_for_newer_or_longer_than_it_is() {
        Instant sent = Sights.AT.plusSeconds(100);
        Instant received = sent.plusSeconds(4);

        Sight ours = report(Sights.AT).byOurClock(sent, received, SKEW);

        assertThat(ours.cluster().inventoryAt()).as("seen a minute before").isEqualTo(sent.minusSeconds(60));
        assertThat(ours.cluster().seenAt()).as("seen at the report").isEqualTo(sent);
        assertThat(ours.issuer().seenAt()).as("issuer").isEqualTo(sent.minusSeconds(60));
        assertThat(ours.issuer().since()).as("so since").isEqualTo(received.minusSeconds(80));
        assertThat(ours.cluster().mounted().since()).as("mounted since").isEqualTo(received.minusSeconds(90));
        assertThat(ours.endpoint().since()).as("served since").isEqualTo(received.minusSeconds(70));
        assertThat(ours.met().getFirst().at()).as("met").isEqualTo(sent.minusSeconds(60));
        assertThat(ours.planes().getFirst().plane()).satisfies(plane -> {
            assertThat(plane.last().orElseThrow().seenAt()).as("plane").isEqualTo(sent.minusSeconds(60));
            assertThat(plane.last().orElseThrow().leafNotAfter())
                    .as("a leaf ends when it says")
                    .isEqualTo(Sights.AT.plusSeconds(5));
            assertThat(plane.probes().getFirst().at()).as("probe").isEqualTo(sent.minusSeconds(60));
        });
        assertThat(report(Sights.AT).byOurClock(Sights.AT, Sights.AT, SKEW))
                .as("one clock")
                .isEqualTo(Sights.of("west"));
    }

    @Test
    void a_cluster_whose_clock_is_wrong_reports_nothing() {
        for (Duration off : List.of(SKEW.plusSeconds(1), SKEW.plusSeconds(1).negated())) {
            assertThatThrownBy(() -> report(Sights.AT.plus(off)).byOurClock(Sights.AT, Sights.AT, SKEW))
                    .as("%s", off)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("apart at most");
        }
        assertThat(report(Sights.AT.plus(SKEW)).byOurClock(Sights.AT, Sights.AT, SKEW))
                .as("just so")
                .isNotNull();
    }

    @Test
    void whoever_falls_silent_is_known_by_his_last_word_and_since_when() {
        PeerState heard = PeerState.SILENT.on(new PeerReply.Agreed(report(Sights.AT)), Sights.AT, Sights.AT, SKEW);
        assertThat(heard.isSilent()).as("reports").isFalse();
        assertThat(heard.lead()).isEqualTo(STATE.lead());

        PeerState away = heard.missed("connection refused", Sights.AT.plusSeconds(5))
                .missed("connection refused", Sights.AT.plusSeconds(9));
        assertThat(away.last()).as("last word").isEqualTo(heard.last());
        assertThat(away.trouble()).contains(new PeerState.Trouble("connection refused", Sights.AT));

        PeerState deposed = away.on(
                new PeerReply.Refused(PeerRefusal.OLD_EPOCH, "epoch 3", Lead.parse("8 south")),
                Sights.AT.plusSeconds(10),
                Sights.AT.plusSeconds(10),
                SKEW);
        assertThat(deposed.lead().epoch()).as("epoch heard of").isEqualTo(8);
        assertThat(deposed.trouble().orElseThrow().since()).as("still since").isEqualTo(Sights.AT);

        PeerState late = heard.on(
                new PeerReply.Agreed(report(Sights.AT)), Sights.AT.plusSeconds(900), Sights.AT.plusSeconds(901), SKEW);
        assertThat(late.trouble()).as("clock").isPresent();
        assertThat(late.last()).as("does not count").isEqualTo(heard.last());
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
