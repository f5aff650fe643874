package io.beringia.trust.identity;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Names, certificates and keys that an operator denies at once, without asking an issuer. As text one entry a line,
 * {@code #} begins a comment:
 *
 * <pre>
 * id          spiffe://cluster.local/ns/shop/sa/cart
 * serial      3F:A9:07                     # of any certificate of the chain, whoever issued it
 * key         SHA-256 of a public key      # of any certificate of the chain, root included (DER, SubjectPublicKeyInfo)
 * certificate SHA-256 of a certificate     # of any certificate of the chain, root included
 * </pre>
 *
 * Numbers are hexadecimal as openssl prints them, in either case, with colons or without.
 *
 * @param keys lower-case hex
 * @param certificates lower-case hex
 */
public record Denylist(Set<SpiffeId> ids, Set<BigInteger> serials, Set<String> keys, Set<String> certificates) {
    public static final Denylist EMPTY = new Denylist(Set.of(), Set.of(), Set.of(), Set.of());

    private static final int RADIX = 16;
    /** The 20 octets of RFC 5280. */
    private static final int SERIAL_DIGITS_MAX = 40;

    public Denylist {
        ids = Set.copyOf(ids);
        serials = Set.copyOf(serials);
        keys = Set.copyOf(keys);
        certificates = Set.copyOf(certificates);
    }

    /** Any thread. Throws {@link IllegalArgumentException} with the number of the first line that is no entry. */
    public static Denylist parse(String text) {
        Entries entries = new Entries();
        PolicyText.read("denylist", text, entries::add);
        return new Denylist(entries.ids, entries.serials, entries.keys, entries.certificates);
    }

    public boolean isEmpty() {
        return size() == 0;
    }

    /** How many entries there are. */
    public int size() {
        return ids.size() + serials.size() + keys.size() + certificates.size();
    }

    /** Its entries as {@link #parse} reads them, sorted. */
    public Stream<String> lines() {
        return Stream.of(
                        ids.stream().map(id -> "id " + id),
                        serials.stream().map(serial -> "serial " + serial.toString(RADIX)),
                        keys.stream().map(key -> "key " + key),
                        certificates.stream().map(one -> "certificate " + one))
                .flatMap(one -> one)
                .sorted();
    }

    /** True where everything that {@code other} denies is denied here, too. */
    public boolean covers(Denylist other) {
        return ids.containsAll(other.ids)
                && serials.containsAll(other.serials)
                && keys.containsAll(other.keys)
                && certificates.containsAll(other.certificates);
    }

    @Override
    public String toString() {
        return "Denylist[" + size() + " entries]";
    }

    /** Gathers entries line by line; owned by one call. */
    private static final class Entries {
        private final Set<SpiffeId> ids = new HashSet<>();
        private final Set<BigInteger> serials = new HashSet<>();
        private final Set<String> keys = new HashSet<>();
        private final Set<String> certificates = new HashSet<>();

        private void add(List<String> words) {
            if (words.size() != 2) {
                throw new IllegalArgumentException(words.size() + " words (expected: a kind and a value)");
            }
            String value = words.getLast();
            switch (words.getFirst()) {
                case "id" -> ids.add(SpiffeId.parse(value));
                case "serial" -> serials.add(serial(value));
                case "key" -> keys.add(PolicyText.sha256(value));
                case "certificate" -> certificates.add(PolicyText.sha256(value));
                default ->
                    throw new IllegalArgumentException(
                            "\"" + Excerpt.of(words.getFirst()) + "\" (expected: id, serial, key or certificate)");
            }
        }

        private static BigInteger serial(String text) {
            String digits = PolicyText.digits(text);
            if (digits.length() > SERIAL_DIGITS_MAX) {
                throw new IllegalArgumentException(
                        "serial of " + digits.length() + " digits (expected: at most " + SERIAL_DIGITS_MAX + ")");
            }
            return new BigInteger(digits, RADIX);
        }
    }
}
