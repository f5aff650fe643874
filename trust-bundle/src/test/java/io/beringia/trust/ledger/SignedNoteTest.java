package io.beringia.trust.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SignedNoteTest {
    /** The example of C2SP signed-note, "Verifier keys". */
    private static final NoteKey EXAMPLE =
            NoteKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");

    private static final String EXAMPLE_NOTE = "This is an example message.\n\n\u2014 example.com/foo "
            + "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    private static final Policy POLICY = Policy.parse(KnownAnswers.file("policy.txt"));

    @Test
    void the_example_of_the_standard_verifies() {
        SignedNote note = SignedNote.parse(EXAMPLE_NOTE.getBytes(StandardCharsets.UTF_8));

        assertThat(note.text()).isEqualTo("This is an example message.\n");
        assertThat(note.isSignedBy(EXAMPLE)).isTrue();
        assertThat(Integer.toHexString(EXAMPLE.id())).isEqualTo("530d903a");
    }

    @Test
    void a_checkpoint_of_another_implementation_is_accepted_with_its_cosignature() {
        SignedNote note = SignedNote.parse(KnownAnswers.file("checkpoint"));

        assertThat(POLICY.judge(note)).isInstanceOfSatisfying(PolicyVerdict.Accepted.class, accepted -> {
            assertThat(accepted.checkpoint().size()).isEqualTo(70_000);
            assertThat(accepted.witnesses()).containsExactly("west");
        });
        assertThat(note.bytes()).as("printed again").isEqualTo(KnownAnswers.file("checkpoint"));
    }

    @Test
    void no_octet_of_a_checkpoint_can_be_changed() {
        byte[] note = KnownAnswers.file("checkpoint");
        for (int at = 0; at < note.length; at++) {
            assertThat(isAccepted(flipped(note, at))).as("octet %d", at).isFalse();
        }
    }

    @Test
    void no_octet_of_a_proof_can_be_changed_but_those_that_prove_nothing() {
        byte[] proof = KnownAnswers.file("entry-300.tlog-proof");
        int extra = new String(proof, StandardCharsets.UTF_8).indexOf("extra ");
        int index = new String(proof, StandardCharsets.UTF_8).indexOf("index ");
        assertThat(isProven(proof)).as("as it is").isTrue();
        for (int at = 0; at < proof.length; at++) {
            if (at < extra || at >= index) {
                assertThat(isProven(flipped(proof, at))).as("octet %d", at).isFalse();
            }
        }
        assertThat(LedgerProof.parse(proof).bytes()).as("printed again").isEqualTo(proof);
    }

    /** One bit of this octet, another one in its neighbours. */
    private static byte[] flipped(byte[] octets, int at) {
        byte[] changed = octets.clone();
        changed[at] ^= (byte) (1 << at % 8);
        return changed;
    }

    private static boolean isAccepted(byte[] note) {
        try {
            return POLICY.judge(SignedNote.parse(note)) instanceof PolicyVerdict.Accepted;
        } catch (IllegalArgumentException noNote) {
            return false;
        }
    }

    private static boolean isProven(byte[] proof) {
        try {
            return LedgerProof.parse(proof).verify(KnownAnswers.entry(300), POLICY) instanceof PolicyVerdict.Accepted;
        } catch (IllegalArgumentException noProof) {
            return false;
        }
    }

    @Test
    void signatures_of_unknown_keys_are_ignored_and_bad_ones_of_known_keys_refused() {
        NoteSigner log = NoteSigner.generate("log.example/a", NoteKey.Type.NOTE, new SecureRandom());
        NoteSigner stranger = NoteSigner.generate("log.example/a", NoteKey.Type.NOTE, new SecureRandom());
        String text = new Checkpoint("log.example/a", 0, MerkleTree.EMPTY).text();
        SignedNote note = new SignedNote(text, List.of(stranger.sign(text), log.sign(text)));

        assertThat(note.isSignedBy(log.key()))
                .as("beside a stranger of the same name")
                .isTrue();
        assertThatThrownBy(() -> new SignedNote(text + "x\n", note.signatures()).isSignedBy(log.key()))
                .hasMessageContaining("does not verify");
        assertThat(new SignedNote(text, List.of(stranger.sign(text))).isSignedBy(log.key()))
                .isFalse();
    }

    @Test
    void a_cosignature_is_of_its_time() {
        NoteSigner witness = NoteSigner.generate("witness.example/w", NoteKey.Type.COSIGNATURE, new SecureRandom());
        String text = new Checkpoint("log.example/a", 0, MerkleTree.EMPTY).text();
        SignedNote note = new SignedNote(text, List.of(witness.cosign(text, 1_700_000_000L)));
        byte[] stamped = note.signatures().getFirst().octets();
        stamped[7] ^= 1;

        assertThat(note.isSignedBy(witness.key())).isTrue();
        assertThat(Cosignature.verifies(witness.key(), text, stamped))
                .as("another time")
                .isFalse();
    }

    @Test
    void a_key_is_read_back_from_its_file_and_from_no_other() {
        NoteSigner one = NoteSigner.generate("log.example/a", NoteKey.Type.NOTE, new SecureRandom());
        NoteSigner other = NoteSigner.generate("log.example/a", NoteKey.Type.NOTE, new SecureRandom());

        assertThat(NoteSigner.of(one.key(), one.pkcs8()).key()).isEqualTo(one.key());
        assertThatThrownBy(() -> NoteSigner.of(one.key(), other.pkcs8())).hasMessageContaining("not the one of");
        assertThat(NoteKey.parse(one.key().toString())).isEqualTo(one.key());
        assertThat(one.toString()).as("says no secret").isEqualTo("NoteSigner[" + one.key() + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text\n",
                "text\n\n",
                "text\n\n\u2014 a\n",
                "text\n\n\u2014 a AAAA\n",
                "text\n\n\u2014 a AAAAAAA=",
                "text\n\n- a AAAAAAA=\n",
                "text\n\n\u2014 a+b AAAAAAA=\n",
                "te\txt\n\n\u2014 a AAAAAAA=\n",
                "text\n\n\u2014 a AAAAAAB=\n",
                "text\n\n\u2014 a AAAAAAA=\n\n\u2014 a AAAAAAA=\n\n"
            })
    void something_else_is_no_note(String text) {
        assertThatThrownBy(() -> SignedNote.parse(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\n01\nrcCI2pyJJqThpmsvBp0uHy3TQJa5jK3Y+9e4MWd7cTQ=\n",
                "a\n-1\nrcCI2pyJJqThpmsvBp0uHy3TQJa5jK3Y+9e4MWd7cTQ=\n",
                "a\n99999999999999999999\nrcCI2pyJJqThpmsvBp0uHy3TQJa5jK3Y+9e4MWd7cTQ=\n",
                "a\n0\nrcCI2pyJJqThpmsvBp0uHy3TQJa5jK3Y+9e4MWd7cTQ=\n",
                "a\n1\nrcCI2pyJJqThpmsvBp0uHy3TQJa5jK3Y+9e4MWd7cTQ=\nextension\n",
                "a\n1\nAA==\n",
                "a\n1\n"
            })
    void something_else_is_no_checkpoint(String text) {
        assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
