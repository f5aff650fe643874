package io.beringia.trust.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LedgerEntryTest {
    private static final byte[] BOOT = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");
    private static final StreamHead HEAD = StreamHead.first("w1", BOOT);

    private static final LedgerEvent EVENT = LedgerEvent.of(EntryKind.CONNECTION)
            .with(Decision.ALLOW)
            .with(Field.REASON, "allowed")
            .with(Field.SOURCE_ID, "spiffe://corp.example/ns/shop/sa/cart")
            .with(Field.CONNECTION, BOOT)
            .with(Field.BYTES, List.of(65_536L, 4_294_967_296L))
            .with(Field.NOT_AFTER, 1_700_000_000L);

    @Test
    void an_entry_is_one_octet_and_deterministic_cbor() {
        byte[] entry = HEAD.encode(LedgerEvent.of(EntryKind.HEARTBEAT).with(Field.COUNTERS, List.of(1L, 24L, 256L)), 1);

        assertThat(HexFormat.of().formatHex(entry))
                .isEqualTo("01" + "a7" + "00" + "02" + "01" + "01" + "02" + "627731" + "03" + "50"
                        + "00112233445566778899aabbccddeeff" + "04" + "00" + "10" + "5820" + "00".repeat(32) + "11"
                        + "83" + "01" + "1818" + "190100");
    }

    /** Of values of every type, as the first version wrote them: logs of years stay one log. */
    @Test
    void an_entry_of_a_connection_has_these_octets_for_ever() {
        assertThat(HexFormat.of().formatHex(HEAD.encode(EVENT, 1_700_000_000_123_456_789L)))
                .isEqualTo("01ac0001011b17979cfe3d85cd1502627731035000112233445566778899aabbccddeeff0400050106"
                        + "67616c6c6f7765640778257370696666653a2f2f636f72702e6578616d706c652f6e732f73686f702f7361"
                        + "2f636172740e5000112233445566778899aabbccddeeff0f821a000100001b00000001000000001058"
                        + "20" + "00".repeat(32) + "131a6553f100");
    }

    @Test
    void what_is_read_is_what_was_written() {
        byte[] octets = HEAD.after(MerkleTree.leaf(BOOT)).encode(EVENT, 1_700_000_000_123_456_789L);
        LedgerEntry entry = LedgerEntry.parse(octets);

        assertThat(entry.bytes()).isEqualTo(octets);
        assertThat(octets.length).as("octets of a connection").isBetween(150, 240);
        assertThat(entry.kind()).contains(EntryKind.CONNECTION);
        assertThat(entry.seq()).isEqualTo(1);
        assertThat(entry.timeNanos()).isEqualTo(1_700_000_000_123_456_789L);
        assertThat(entry.previous()).isEqualTo(MerkleTree.leaf(BOOT));
        assertThat(entry.number(Field.DECISION)).contains(1L);
        assertThat(entry.text(Field.SOURCE_ID)).contains("spiffe://corp.example/ns/shop/sa/cart");
        assertThat(entry.numbers(Field.BYTES)).containsExactly(65_536L, 4_294_967_296L);
        assertThat(entry.toString()).contains("KIND=1 ", "REASON=\"allowed\"", "CONNECTION=00112233");
    }

    @Test
    void a_changed_entry_is_refused_or_another_one_in_its_one_spelling() {
        byte[] octets = HEAD.encode(EVENT, 1_700_000_000_123_456_789L);
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] changed = changed(octets, random);
            try {
                assertThat(LedgerEntry.parse(changed).bytes()).isEqualTo(changed);
            } catch (IllegalArgumentException bad) {
                refused++;
            }
        }
        assertThat(refused).as("refused").isBetween(10_000, 49_000);
    }

    private static byte[] changed(byte[] octets, Random random) {
        byte[] changed = Arrays.copyOf(octets, random.nextInt(4) == 0 ? random.nextInt(octets.length) : octets.length);
        for (int flips = 1 + random.nextInt(3); flips > 0 && changed.length > 0; flips--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return changed;
    }

    @ParameterizedTest
    @CsvSource({
        "02a0, another version", "01, ends 1 octets early", "01a0, no KIND", "01a000, octets too many",
        "01a20001000 1, after 0", "01a201010001, after 1", "01a1001f, a length that is not given",
                "01a1001801, in 1 octets",
        "01a1001900ff, in 2 octets", "01bf, a length that is not given", "01a100a0, CBOR type 5",
                "01a10061ff, not UTF-8",
        "01a1005affffffff, early", "01a100988 0, 128 numbers", "01a10081f6, CBOR type 7", "01a10020, CBOR type 1",
        "01a1006130, no TIME"
    })
    void other_spellings_and_other_things_are_refused(String hex, String why) {
        byte[] octets = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThatThrownBy(() -> LedgerEntry.parse(octets))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void keys_of_a_later_version_are_kept() {
        byte[] octets = HEAD.encode(EVENT, 1);
        byte[] longer = Arrays.copyOf(octets, octets.length + 3);
        longer[1]++;
        longer[octets.length] = 0x18;
        longer[octets.length + 1] = 99;
        longer[octets.length + 2] = 7;

        LedgerEntry entry = LedgerEntry.parse(longer);
        assertThat(entry.bytes()).isEqualTo(longer);
        assertThat(entry.toString()).endsWith("KEY_99=7");
    }

    @Test
    void an_event_takes_only_what_its_fields_are() {
        assertThatThrownBy(() -> EVENT.with(Field.SEQ, "1")).hasMessageContaining("TEXT (expected: NUMBER)");
        assertThatThrownBy(() -> EVENT.with(Field.SEQ, -1)).hasMessageContaining("expected: >= 0");
        assertThatThrownBy(() -> HEAD.encode(EVENT.with(Field.PAYLOAD, new byte[65_536]), 1))
                .hasMessageContaining("expected: <= 65535");
    }

    @Test
    void kinds_and_keys_are_numbered_for_ever() {
        assertThat(List.of(EntryKind.values()).toString()
                        + List.of(EntryKind.values()).stream()
                                .map(EntryKind::number)
                                .toList())
                .isEqualTo("[CONNECTION, HEARTBEAT, BOOT, SHUTDOWN, SVID_ISSUED, ISSUANCE_REFUSED, BUNDLE_PUBLISHED, "
                        + "ROTATION_TRANSITION, FEDERATION_FETCH, OVERRIDE, CA_SIGNATURE, ROTATION_REFUSED, REVOCATIONS, "
                        + "INTERMEDIATE, FAILOVER_DECISION, FAILOVER_OVERRIDE][1, 2, 3, 4, 16, 17, 18, 19, 20, 21, 22, 23, "
                        + "24, 25, 32, 33]");
        assertThat(List.of(Field.values()).stream().map(Field::key).toList())
                .as("keys, in order of their declaration")
                .isEqualTo(IntStream.range(0, Field.values().length).boxed().toList());
    }
}
