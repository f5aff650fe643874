package io.beringia.trust.federation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.Base64Text;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.KeyPairs;
import io.beringia.trust.pki.X509;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class BundleDocumentTest {
    private static final TrustDomain PARTNER = TrustDomain.parse("partner.example");
    private static final Authority AUTHORITY = Authority.root(PARTNER);
    private static final X509Certificate ROOT = AUTHORITY.root();
    private static final X509Certificate NEXT = Authority.root(PARTNER).root();
    private static final String ENTRY = entry(ROOT);

    @Test
    void what_is_written_reads_back() {
        BundleDocument bundle = BundleDocument.of(PARTNER, 7, Duration.ofSeconds(90), List.of(ROOT, NEXT));

        assertThat(BundleDocument.parse(PARTNER, bundle.json())).as("document").isEqualTo(bundle);
        assertThat(new String(bundle.json(), UTF_8))
                .as("as SPIRE takes it: no kid, every entry of one use, fixed widths")
                .doesNotContain("\"kid\"")
                .contains("\"spiffe_sequence\" : 7", "\"spiffe_refresh_hint\" : 90", "\"use\" : \"x509-svid\"");
    }

    @Test
    void reads_what_spire_serves() {
        String jwt = "{\"use\":\"jwt-svid\",\"kty\":\"EC\",\"kid\":\"k1\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}";
        BundleDocument bundle =
                read("{\n    \"keys\": [" + ENTRY + "," + jwt + "],\n    \"spiffe_refresh_hint\": 300\n}");

        assertThat(bundle.roots()).as("roots").containsExactly(ROOT);
        assertThat(bundle.sequence()).as("SPIRE leaves out a sequence of 0").isEmpty();
        assertThat(bundle.refresh()).as("refresh").isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void no_keys_withdraw_every_root() {
        assertThat(read("{\"keys\":[],\"spiffe_sequence\":9}"))
                .as("document")
                .isEqualTo(new BundleDocument(PARTNER, Optional.of(9L), Optional.empty(), List.of(), List.of()));
    }

    static Stream<Arguments> othersEntries() {
        return Stream.of(
                Arguments.of(ENTRY.replace("x509-svid", "X509-SVID"), "keys[0].use: \"X509-SVID\""),
                Arguments.of(ENTRY.replace("\"use\":\"x509-svid\",", ""), "keys[0].use: missing"),
                Arguments.of(ENTRY.replace("\"EC\"", "\"OKP\""), "keys[0].kty: \"OKP\""),
                Arguments.of(ENTRY.replaceAll("\"x5c\":.*]", "\"x5c\":[]"), "keys[0].x5c: []"),
                Arguments.of(ENTRY.replaceAll(",\"x5c\":.*]", ""), "keys[0].x5c: missing"));
    }

    @ParameterizedTest
    @MethodSource("othersEntries")
    void entries_that_only_others_understand_are_left_out_with_a_sentence(String entry, String sentence) {
        BundleDocument bundle = read("{\"keys\":[" + entry + "," + entry(NEXT) + "],\"more\":1}");

        assertThat(bundle.roots()).as("the other entry").containsExactly(NEXT);
        assertThat(bundle.ignored()).as("ignored").singleElement().asString().startsWith(sentence);
    }

    @Test
    void of_several_certificates_in_one_entry_only_the_first_is_a_root() {
        String two =
                ENTRY.replace("\"x5c\":[", "\"x5c\":[\"" + base64(NEXT) + "\",").replace(base64(ROOT), "x");
        BundleDocument bundle = read("{\"keys\":[" + keyOf(two, NEXT) + "," + ENTRY + "," + ENTRY + "]}");

        assertThat(bundle.roots()).as("once each").containsExactly(NEXT, ROOT);
        assertThat(bundle.ignored()).as("ignored").singleElement().asString().contains("x5c[1] and later");
    }

    static Stream<Arguments> refusals() {
        String other = entry(Authority.root(TrustDomain.parse("other.example")).root());
        X509Certificate leaf = AUTHORITY
                .svid(SpiffeId.ofWorkload(PARTNER, "shop", "cart"), Duration.ofHours(1))
                .leaf();
        String many = IntStream.range(0, 33)
                .mapToObj(i -> entry(Authority.root(PARTNER).root()))
                .collect(Collectors.joining(","));
        return Stream.of(
                Arguments.of("", "document"),
                Arguments.of("[]", "document: [] (expected: a JSON object)"),
                Arguments.of("{\"keys\":[]} {}", "document"),
                Arguments.of("{\"keys\":[],\"keys\":[]}", "no name twice"),
                Arguments.of("{\"keys\":[{\"use\":\"a\",\"use\":\"b\"}]}", "no name twice"),
                Arguments.of("[".repeat(17) + "]".repeat(17), "document"),
                Arguments.of("{}", "keys: missing (expected: an array"),
                Arguments.of("{\"keys\":{}}", "keys: {} (expected: an array"),
                Arguments.of("{\"keys\":[7]}", "keys[0]: 7 (expected: a JSON object)"),
                Arguments.of("{\"keys\":[" + "{\"kty\":\"a\"},".repeat(256) + "{\"kty\":\"a\"}]}", "keys: 257"),
                Arguments.of("{\"keys\":[" + ENTRY.replace("\"kty\":\"EC\",", "") + "]}", "keys[0].kty: missing"),
                Arguments.of("{\"keys\":[" + ENTRY.replace("\"EC\"", "\"RSA\"") + "]}", "keys[0].kty: \"RSA\""),
                Arguments.of("{\"keys\":[" + ENTRY.replace("P-256", "P-384") + "]}", "keys[0].crv: \"P-384\""),
                Arguments.of("{\"keys\":[" + keyOf(ENTRY, NEXT) + "]}", "keys[0].x: "),
                Arguments.of("{\"keys\":[" + ENTRY.replace(base64(ROOT), "=") + "]}", "keys[0].x5c[0]: "),
                Arguments.of("{\"keys\":[" + ENTRY.replace(base64(ROOT), "AAAA") + "]}", "keys[0].x5c[0]: "),
                Arguments.of("{\"keys\":[" + ENTRY.replace("\"" + base64(ROOT) + "\"", "7") + "]}", "x5c[0]: 7"),
                Arguments.of("{\"keys\":[" + entry(leaf) + "]}", "keys[0].x5c[0]: a certificate of no CA"),
                Arguments.of(
                        "{\"keys\":[" + other + "]}", "a root of other.example (expected: of partner.example alone)"),
                Arguments.of(
                        "{\"keys\":[" + ENTRY.replace(base64(ROOT), "A".repeat(4 * 5_462)) + "]}",
                        "keys[0].x5c[0]: 16386 bytes (expected: <= 16384)"),
                Arguments.of("{\"keys\":[" + many + "]}", "roots: 33 (expected: <= 32)"),
                Arguments.of("{\"keys\":[],\"spiffe_sequence\":-1}", "spiffe_sequence: -1"),
                Arguments.of("{\"keys\":[],\"spiffe_sequence\":1.0}", "spiffe_sequence: 1.0"),
                Arguments.of("{\"keys\":[],\"spiffe_sequence\":\"1\"}", "spiffe_sequence: \"1\""),
                Arguments.of("{\"keys\":[],\"spiffe_sequence\":null}", "spiffe_sequence: null"),
                Arguments.of(
                        "{\"keys\":[],\"spiffe_sequence\":9223372036854775808}",
                        "spiffe_sequence: 9223372036854775808"),
                Arguments.of("{\"keys\":[],\"spiffe_refresh_hint\":-5}", "spiffe_refresh_hint: -5"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses_with_one_sentence(String json, String sentence) {
        refuses(json.getBytes(UTF_8), sentence);
    }

    @Test
    void refuses_what_is_too_large_or_not_utf_8() {
        refuses(("{\"keys\":[]}" + " ".repeat(1 << 20)).getBytes(UTF_8), "document: 1048587 bytes");
        refuses("{\"keys\":[],\"é\":1}".getBytes(ISO_8859_1), "not UTF-8");
        refuses("{\"keys\":[]}".getBytes(UTF_16LE), "document");
    }

    @Test
    void a_hint_is_kept_between_a_minute_and_an_hour() {
        Map.of("0", 60L, "59", 60L, "61", 61L, "3600", 3600L, "3601", 3600L, "9223372036854775807", 3600L)
                .forEach((hint, seconds) -> assertThat(read("{\"keys\":[],\"spiffe_refresh_hint\":" + hint + "}")
                                .refresh())
                        .as(hint)
                        .isEqualTo(Duration.ofSeconds(seconds)));
        assertThat(read("{\"keys\":[]}").refresh()).as("none").isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void keys_have_the_widths_of_their_kind() throws Exception {
        KeyPairGenerator p521 = KeyPairGenerator.getInstance("EC");
        p521.initialize(new ECGenParameterSpec("secp521r1"));
        Map<String, String> wide = Jwk.of(p521.generateKeyPair().getPublic());
        assertThat(wide).as("P-521").containsEntry("crv", "P-521");
        assertThat(wide.get("x")).as("66 octets").hasSize(88);
        for (int i = 0; i < 300; i++) { // every 128th coordinate begins with a zero
            KeyPair pair = KeyPairs.p256(new SecureRandom());
            assertThat(Jwk.of(pair.getPublic()).get("x")).as("32 octets").hasSize(43);
        }
        PublicKey rsa = KeyPairs.rsa(2_048, new SecureRandom()).getPublic();
        assertThat(Jwk.of(rsa)).as("RSA").containsEntry("e", "AQAB");
        assertThat(Jwk.of(rsa).get("n")).as("without the octet of the sign").hasSize(342);
        PublicKey edwards =
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
        assertThatThrownBy(() -> Jwk.of(edwards)).as("Ed25519").hasMessageStartingWith("key: EdDSA (expected: EC");
    }

    private static void refuses(byte[] json, String sentence) {
        assertThatThrownBy(() -> BundleDocument.parse(PARTNER, json))
                .as(sentence)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("bundle: ")
                .hasMessageContaining(sentence)
                .hasMessageContaining("(expected: ");
    }

    private static BundleDocument read(String json) {
        return BundleDocument.parse(PARTNER, json.getBytes(UTF_8));
    }

    private static String entry(X509Certificate root) {
        return "{\"use\":\"x509-svid\"," + members(root) + ",\"x5c\":[\"" + base64(root) + "\"]}";
    }

    /** The same entry, saying another key. */
    private static String keyOf(String entry, X509Certificate other) {
        return entry.replaceAll("\"kty\".*\"x5c\"", members(other) + ",\"x5c\"");
    }

    private static String members(X509Certificate root) {
        return Jwk.of(root.getPublicKey()).entrySet().stream()
                .map(member -> "\"" + member.getKey() + "\":\"" + member.getValue() + "\"")
                .collect(Collectors.joining(","));
    }

    private static String base64(X509Certificate root) {
        return Base64Text.of(X509.encoded(root));
    }
}
