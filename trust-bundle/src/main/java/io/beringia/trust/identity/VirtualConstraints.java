package io.beringia.trust.identity;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * For whom which issuer may speak, as an operator says it instead of the issuer's certificate: name constraints that no peer has to
 * understand. As text one issuer a line, {@code #} begins a comment:
 *
 * <pre>
 * key    SHA-256 of a public key  cluster=us-west namespace=shop,cart   # any CA of a path, root included (DER, SubjectPublicKeyInfo)
 * key    SHA-256 of a public key  domain=corp.example
 * domain partner.example          cluster=partner-1                     # whoever speaks for this trust domain
 * </pre>
 *
 * A key's cluster stands for the {@code L} of its certificate. At most one line for each key and domain, and 10,000 names after one
 * equals sign.
 *
 * @param keys lower-case hex
 */
public record VirtualConstraints(
        Enforcement enforcement, Map<String, IssuerLimit> keys, Map<TrustDomain, IssuerLimit> domains) {
    /** Nothing is said, and an issuer that names no cluster is observed. */
    public static final VirtualConstraints NONE = new VirtualConstraints(Enforcement.OBSERVE, Map.of(), Map.of());

    public VirtualConstraints {
        keys = Map.copyOf(keys);
        domains = Map.copyOf(domains);
    }

    /** Any thread. Throws {@link IllegalArgumentException} with the number of the first line that is no issuer. */
    public static VirtualConstraints parse(Enforcement enforcement, String text) {
        Entries entries = new Entries();
        PolicyText.read("issuers", text, entries::add);
        return new VirtualConstraints(enforcement, entries.keys, entries.domains);
    }

    /** What is said of the issuer with this key; lower-case hex. */
    public Optional<IssuerLimit> ofKey(String sha256) {
        return Optional.ofNullable(keys.get(sha256));
    }

    /** What is said of whoever speaks for this trust domain. */
    public Optional<IssuerLimit> ofDomain(TrustDomain trustDomain) {
        return Optional.ofNullable(domains.get(trustDomain));
    }

    /** How many issuers are spoken of. */
    public int size() {
        return keys.size() + domains.size();
    }

    /** The issuers as {@link #parse} reads them, sorted. */
    public Stream<String> lines() {
        return Stream.concat(
                        keys.entrySet().stream().map(one -> "key " + one.getKey() + " " + one.getValue()),
                        domains.entrySet().stream().map(one -> "domain " + one.getKey() + " " + one.getValue()))
                .sorted();
    }

    @Override
    public String toString() {
        return "VirtualConstraints[" + enforcement + ", " + size() + " issuers]";
    }

    /** Gathers issuers line by line; owned by one call. */
    private static final class Entries {
        /** Of a value that is compared and never interpreted: no blank, comma or equals sign can stand in it. */
        private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._-]+");

        /** As many namespaces as Kubernetes is tested with. */
        private static final int VALUES_MAX = 10_000;

        private final Map<String, IssuerLimit> keys = new HashMap<>();
        private final Map<TrustDomain, IssuerLimit> domains = new HashMap<>();

        private void add(List<String> words) {
            if (words.size() < 2) {
                throw new IllegalArgumentException(words.size() + " words (expected: a kind, a value and limits)");
            }
            switch (words.getFirst()) {
                case "key" -> put(keys, PolicyText.sha256(words.get(1)), limit(words));
                case "domain" -> put(domains, TrustDomain.parse(words.get(1)), limitOfDomain(words));
                default ->
                    throw new IllegalArgumentException(
                            "\"" + Excerpt.of(words.getFirst()) + "\" (expected: key or domain)");
            }
        }

        private static <K> void put(Map<K, IssuerLimit> all, K issuer, IssuerLimit limit) {
            if (all.putIfAbsent(issuer, limit) != null) {
                throw new IllegalArgumentException(issuer + " for the second time (expected: once)");
            }
        }

        private static IssuerLimit limitOfDomain(List<String> words) {
            IssuerLimit limit = limit(words);
            if (!limit.trustDomains().isEmpty()) {
                throw new IllegalArgumentException("domain= of a domain (expected: cluster= or namespace=)");
            }
            return limit;
        }

        private static IssuerLimit limit(List<String> words) {
            Map<String, Set<String>> said = new HashMap<>();
            words.subList(2, words.size()).forEach(word -> read(word, said));
            Set<String> clusters = said.getOrDefault("cluster", Set.of());
            if (clusters.size() > 1) {
                throw new IllegalArgumentException(clusters.size() + " clusters (expected: one)");
            }
            Set<TrustDomain> domains = new HashSet<>();
            said.getOrDefault("domain", Set.of()).forEach(name -> domains.add(TrustDomain.parse(name)));
            return new IssuerLimit(domains, clusters.stream().findFirst(), said.getOrDefault("namespace", Set.of()));
        }

        private static void read(String word, Map<String, Set<String>> said) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            String values = word.substring(equals + 1);
            if (!Set.of("cluster", "domain", "namespace").contains(name) || equals < 0) {
                throw new IllegalArgumentException(
                        "\"" + Excerpt.of(word) + "\" (expected: cluster=, namespace= or domain=)");
            }
            if (said.putIfAbsent(name, values(name, values)) != null) {
                throw new IllegalArgumentException(name + "= for the second time (expected: once)");
            }
        }

        private static Set<String> values(String name, String text) {
            List<String> values = List.of(text.split(",", -1));
            if (values.size() > VALUES_MAX) {
                throw new IllegalArgumentException(
                        name + ": " + values.size() + " names (expected: at most " + VALUES_MAX + ")");
            }
            if (!values.stream().allMatch(value -> VALUE.matcher(value).matches())) {
                throw new IllegalArgumentException(name + ": \"" + Excerpt.of(text)
                        + "\" (expected: names of A-Z, a-z, 0-9, '.', '_', '-', with commas between)");
            }
            return Set.copyOf(new HashSet<>(values));
        }
    }
}
