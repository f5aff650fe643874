package io.beringia.trust.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final NoteSigner LOG = NoteSigner.generate("log.example/a", NoteKey.Type.NOTE, RANDOM);
    private static final NoteSigner X1 = witness("x1");
    private static final NoteSigner X2 = witness("x2");
    private static final NoteSigner Y1 = witness("y1");

    private static final String TEXT = new Checkpoint("log.example/a", 0, MerkleTree.EMPTY).text();
    private static final String PARTIES = "# who\nlog " + LOG.key() + "\nwitness x1 " + X1.key() + "\n\twitness x2 "
            + X2.key() + " https://x2.example/ \nwitness y1 " + Y1.key() + "\n";

    private static NoteSigner witness(String name) {
        return NoteSigner.generate(name + ".example", NoteKey.Type.COSIGNATURE, RANDOM);
    }

    @ParameterizedTest
    @CsvSource({
        "quorum none, '', true",
        "quorum x1, '', false",
        "quorum x1, x1, true",
        "quorum x1, x2, false",
        "group x any x1 x2;quorum x, x2, true",
        "group x all x1 x2;quorum x, x2, false",
        "group x all x1 x2;quorum x, x1 x2, true",
        "group x 2 x1 x2 y1;quorum x, x1 y1, true",
        "group x 2 x1 x2 y1;quorum x, y1, false",
        "group x any x1 x2;group z all x y1;quorum z, x1 x2, false",
        "group x any x1 x2;group z all x y1;quorum z, x2 y1, true"
    })
    void a_checkpoint_needs_its_quorum(String rules, String cosigners, boolean accepted) {
        Policy policy = Policy.parse(PARTIES + rules.replace(";", "\n") + "\n");
        List<SignedNote.Line> lines = new ArrayList<>(List.of(LOG.sign(TEXT)));
        for (NoteSigner witness : List.of(X1, X2, Y1)) {
            if (cosigners.contains(witness.key().name().replace(".example", ""))) {
                lines.add(witness.cosign(TEXT, 1_700_000_000L));
            }
        }

        assertThat(policy.judge(new SignedNote(TEXT, lines)) instanceof PolicyVerdict.Accepted)
                .isEqualTo(accepted);
    }

    @Test
    void a_checkpoint_of_an_unknown_log_is_refused() {
        NoteSigner stranger = NoteSigner.generate("log.example/a", NoteKey.Type.NOTE, RANDOM);

        assertThat(Policy.parse(PARTIES + "quorum none\n").judge(new SignedNote(TEXT, List.of(stranger.sign(TEXT)))))
                .isInstanceOfSatisfying(
                        PolicyVerdict.Refused.class,
                        refused -> assertThat(refused.why()).contains("signed by no log of the policy"));
    }

    @Test
    void a_log_signs_for_its_own_origin_alone() {
        String text = new Checkpoint("log.example/b", 0, MerkleTree.EMPTY).text();

        assertThat(Policy.parse(PARTIES + "quorum none\n").judge(new SignedNote(text, List.of(LOG.sign(text)))))
                .isInstanceOf(PolicyVerdict.Refused.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | no quorum",
                "quorum z | quorum",
                "quorum none;quorum none | once",
                "quorum x1 x2 | once",
                "group x 3 x1 x2;quorum x | threshold: 3 (expected: 1 to 2)",
                "group x 0 x1;quorum x | threshold: 0",
                "group x any;quorum x | no members",
                "group x any z;quorum x | before it",
                "group x any x1;group z any x1;quorum z | in no other group",
                "group x1 any x2;quorum x1 | a new one",
                "group none any x2;quorum none | a new one",
                "group x any x1 x1;quorum x | in no other group",
                "watch x1 | expected: log, witness, group or quorum"
            })
    void a_policy_that_is_none_names_its_line(String rules, String why) {
        assertThatThrownBy(() -> Policy.parse(PARTIES + rules.replace(";", "\n") + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void a_key_stands_once_and_for_its_own_purpose() {
        assertThatThrownBy(() -> Policy.parse(PARTIES + "witness z " + X1.key() + "\nquorum none\n"))
                .hasMessageContaining("policy, line 6")
                .hasMessageContaining("once");
        assertThatThrownBy(() -> Policy.parse("log " + X1.key() + "\nquorum none\n"))
                .hasMessageContaining("COSIGNATURE (expected: NOTE)");
    }
}
