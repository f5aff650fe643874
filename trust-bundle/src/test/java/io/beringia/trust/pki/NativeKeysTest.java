package io.beringia.trust.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What native code says of signatures and keys, beside what Bouncy Castle says of the same octets. */
final class NativeKeysTest {
    private static final List<String> PROVIDERS = providers();
    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    private static final AlgorithmIdentifier SHA256 = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

    private final KeyPair pair = KeyPairs.p256(new SecureRandom());
    private final SubjectPublicKeyInfo key =
            SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
    private final byte[] octets = "what was signed".getBytes(StandardCharsets.UTF_8);
    private final byte[] signed = SignatureKind.ECDSA_SHA256.sign(pair.getPrivate(), octets);

    /** Elsewhere than on the platforms of its jar all this is the JDK's; {@code REQUIRE_NATIVE_KEYS=1} says that it must load. */
    @BeforeAll
    static void load() {
        String who = NativeKeys.load();
        assumeTrue(NativeKeys.isLoaded() || "1".equals(System.getenv("REQUIRE_NATIVE_KEYS")), who);
        assertThat(NativeKeys.isLoaded()).as(who).isTrue();
    }

    @Test
    void is_no_provider_of_the_jvm() {
        assertThat(providers()).isEqualTo(PROVIDERS).noneMatch(name -> name.contains("Conscrypt"));
    }

    @Test
    void signs_what_the_jdk_verifies_and_verifies_what_it_signed() throws IOException {
        assertThat(SignatureKind.ECDSA_SHA256.verifies(pair.getPublic(), octets, signed))
                .as("by the JDK")
                .isTrue();
        assertThat(both(signed, key)).isTrue();
        assertThat(PathSignature.verifies(new byte[3], SHA256, signed, new IssuerKey(key)))
                .as("other octets")
                .isFalse();
    }

    @Test
    void makes_the_very_signature_of_rsa_that_the_jdk_makes() throws Exception {
        KeyPair rsa = KeyPairs.rsa(2_048, new SecureRandom());
        java.security.Signature jdk = java.security.Signature.getInstance("SHA256withRSA");
        jdk.initSign(rsa.getPrivate());
        jdk.update(octets);

        assertThat(NativeKeys.sign("SHA256withRSA", rsa.getPrivate(), octets))
                .hasValueSatisfying(made -> assertThat(made).isEqualTo(sign(jdk)));
    }

    @Test
    void takes_nobody_who_fails_at_one_kind_of_key() {
        Provider curvesAlone = Objects.requireNonNull(Security.getProvider("SunEC"));

        assertThatThrownBy(() -> NativeKeys.prove(curvesAlone))
                .isInstanceOf(NoSuchAlgorithmException.class)
                .hasMessageContaining("SHA256withRSA");
    }

    /** Right numbers in other spellings, and numbers out of range, of which the sum with the order may verify as well. */
    @Test
    void believes_no_signature_that_is_spelled_otherwise_or_out_of_range() throws IOException {
        ASN1Sequence numbers = ASN1Sequence.getInstance(signed);
        BigInteger r = ((ASN1Integer) numbers.getObjectAt(0)).getValue();
        BigInteger s = ((ASN1Integer) numbers.getObjectAt(1)).getValue();
        byte[] body = Arrays.copyOfRange(signed, 2, signed.length);
        byte[] zeroInFront = HexFormat.of().parseHex("00");
        List<byte[]> refused = List.of(
                new byte[0],
                sequence(s, r),
                sequence(r.add(ORDER), s),
                sequence(r, s.add(ORDER)),
                sequence(BigInteger.ZERO, s),
                sequence(r, BigInteger.ZERO),
                sequence(ORDER, s),
                sequence(r, ORDER),
                sequence(r.negate(), s),
                sequence(r, s.negate()),
                sequence(r, s, BigInteger.ONE),
                sequence(r),
                joined(signed, zeroInFront),
                joined(new byte[] {0x30, (byte) 0x81, (byte) body.length}, body),
                joined(new byte[] {0x30, (byte) 0x80}, body, new byte[] {0, 0}),
                joined(new byte[] {0x31, (byte) body.length}, body),
                Arrays.copyOf(signed, signed.length - 1),
                padded(r, s),
                joined(unsigned(r), unsigned(s)));

        for (byte[] each : refused) {
            assertThat(both(each, key)).as(HexFormat.of().formatHex(each)).isFalse();
        }
        assertThat(both(sequence(r, ORDER.subtract(s)), key))
                .as("the other half of the numbers, which ECDSA lets anybody make")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00",
                "04",
                "0400",
                "05",
                "02%x",
                "03%x",
                "06%x%y",
                "07%x%y",
                "04%x%x",
                "04%y%x",
                "04%x%y00",
                "04%p%y",
                "04ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff%y"
            })
    void believes_no_key_that_is_no_point_of_the_curve(String point) {
        byte[] own = key.getPublicKeyData().getOctets();
        String x = HexFormat.of().formatHex(own, 1, 33);
        String y = HexFormat.of().formatHex(own, 33, 65);
        String prime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
        byte[] other =
                HexFormat.of().parseHex(point.replace("%x", x).replace("%y", y).replace("%p", prime));
        if (Arrays.equals(other, own)) {
            return;
        }
        SubjectPublicKeyInfo asked = new SubjectPublicKeyInfo(key.getAlgorithm(), other);

        assertThat(outcome(asked, signed)).as("in Java, and natively").isEqualTo(outcomeInJava(asked, signed));
        assertThat(PathSignature.kindOf(asked) == KeyKind.OTHER
                        || !outcome(asked, signed).equals("true"))
                .as("refused here, or by the rules as a kind of key that nobody has")
                .isTrue();
    }

    @Test
    void believes_no_key_of_another_curve_or_algorithm() {
        byte[] own = key.getPublicKeyData().getOctets();
        for (var curve : List.of(SECObjectIdentifiers.secp384r1, SECObjectIdentifiers.secp256k1)) {
            assertThat(outcome(
                            new SubjectPublicKeyInfo(
                                    new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve), own),
                            signed))
                    .as(curve.getId())
                    .isNotEqualTo("true");
        }
    }

    @Test
    void says_of_changed_octets_what_bouncy_castle_says() {
        Random random = new Random(20261201);
        byte[] info = pair.getPublic().getEncoded();
        for (int i = 0; i < 400; i++) {
            boolean isKey = random.nextBoolean();
            byte[] signature = isKey ? signed : changed(signed, random);
            byte[] other = isKey || random.nextInt(4) == 0 ? changed(info, random) : info;
            SubjectPublicKeyInfo asked;
            try {
                asked = SubjectPublicKeyInfo.getInstance(other);
                PathSignature.kindOf(asked);
            } catch (RuntimeException noKey) {
                continue;
            }
            assertThat(outcome(asked, signature))
                    .as("seed 20261201, step %d", i)
                    .isEqualTo(outcomeInJava(asked, signature));
        }
    }

    /** What both say, which must be the same. */
    private boolean both(byte[] signature, SubjectPublicKeyInfo asked) throws IOException {
        boolean inJava = PathSignature.verifiesInJava(octets, SHA256, signature, new IssuerKey(asked));
        assertThat(NativeKeys.verifies("SHA256withECDSA", asked.getEncoded(), octets, signature)
                        .orElse(inJava))
                .as("natively")
                .isEqualTo(inJava);
        assertThat(PathSignature.verifies(octets, SHA256, signature, new IssuerKey(asked)))
                .as("asked as a certificate asks")
                .isEqualTo(inJava);
        return inJava;
    }

    private String outcome(SubjectPublicKeyInfo asked, byte[] signature) {
        try {
            return Boolean.toString(PathSignature.verifies(octets, SHA256, signature, new IssuerKey(asked)));
        } catch (IOException | RuntimeException unreadable) {
            return unreadable.getClass().getSimpleName();
        }
    }

    private String outcomeInJava(SubjectPublicKeyInfo asked, byte[] signature) {
        try {
            return Boolean.toString(PathSignature.verifiesInJava(octets, SHA256, signature, new IssuerKey(asked)));
        } catch (IOException | RuntimeException unreadable) {
            return unreadable.getClass().getSimpleName();
        }
    }

    private static byte[] changed(byte[] whole, Random random) {
        byte[] changed = whole.clone();
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        return changed;
    }

    private static byte[] sequence(BigInteger... numbers) throws IOException {
        return new DERSequence(Stream.of(numbers).map(ASN1Integer::new).toArray(ASN1Encodable[]::new)).getEncoded();
    }

    /** With an octet too many in front of the first number. */
    private static byte[] padded(BigInteger r, BigInteger s) {
        byte[] first = r.toByteArray();
        byte[] second = s.toByteArray();
        return joined(
                new byte[] {0x30, (byte) (first.length + second.length + 5), 2, (byte) (first.length + 1), 0},
                first,
                new byte[] {2, (byte) second.length},
                second);
    }

    private static byte[] unsigned(BigInteger number) {
        return HexFormat.of().parseHex(String.format("%064x", number));
    }

    private static byte[] joined(byte[]... parts) {
        byte[] whole = new byte[0];
        for (byte[] part : parts) {
            int length = whole.length;
            whole = Arrays.copyOf(whole, length + part.length);
            System.arraycopy(part, 0, whole, length, part.length);
        }
        return whole;
    }

    private static byte[] sign(java.security.Signature ready) {
        try {
            return ready.sign();
        } catch (java.security.SignatureException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static List<String> providers() {
        return Stream.of(Security.getProviders()).map(Provider::getName).toList();
    }
}
