package io.beringia.trust.client;

import io.beringia.trust.identity.PeerVerdict.Rejected;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.GeneralName;
import io.beringia.trust.pki.NameConstraints;
import io.beringia.trust.pki.ParsedCertificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Name constraints of a path, the root's included. URI constraints are matched against the raw trust domain; what
 * constrains a kind of name that we do not match is refused as soon as a name of that kind may stand below.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10">RFC 5280, section 4.2.1.10</a>
 */
final class NameRules {
    private static final Pattern HOST = Pattern.compile("\\.?[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
    private static final Pattern IPV4 = Pattern.compile("[0-9]+(\\.[0-9]+){3}");

    private NameRules() {}

    static Optional<Rejected> fault(List<ParsedCertificate> path, TrustDomain trustDomain) {
        for (int i = 1; i < path.size(); i++) {
            List<ParsedCertificate> below = path.subList(0, i);
            Optional<Rejected> fault = path.get(i)
                    .extensions()
                    .nameConstraints()
                    .flatMap(constraints -> fault(constraints, below, trustDomain));
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    /** All URI names below are of one trust domain by now, so one look at its name covers them. */
    private static Optional<Rejected> fault(
            NameConstraints constraints, List<ParsedCertificate> below, TrustDomain trustDomain) {
        if (constraints.all().anyMatch(name -> name.type() != GeneralName.URI && mayStandBelow(name, below))) {
            return refuse("of a kind we do not judge", "URI hosts");
        }
        List<Optional<String>> permitted = hosts(constraints.permitted());
        List<Optional<String>> excluded = hosts(constraints.excluded());
        if (permitted.isEmpty() && excluded.isEmpty()) {
            return Optional.empty();
        }
        if (permitted.contains(Optional.empty()) || excluded.contains(Optional.empty())) {
            return refuse("on a malformed host", "name or .name");
        }
        return hostFault(flat(permitted), flat(excluded), trustDomain.name());
    }

    private static Optional<Rejected> hostFault(List<String> permitted, List<String> excluded, String host) {
        if (IPV4.matcher(host).matches()) {
            return refuse("on hosts, and this is an address", "a host name");
        }
        if (excluded.stream().anyMatch(constraint -> matches(constraint, host))) {
            return refuse("excludes " + host, "not excluded");
        }
        return permitted.isEmpty() || permitted.stream().anyMatch(constraint -> matches(constraint, host))
                ? Optional.empty()
                : refuse("does not permit " + host, "permitted");
    }

    /** {@code a.b} is that host alone; {@code .a.b} is every host below it, and not {@code a.b} itself. */
    static boolean matches(String constraint, String host) {
        return constraint.startsWith(".")
                ? host.endsWith(constraint) && host.length() > constraint.length()
                : host.equals(constraint);
    }

    /** Empty where a constraint is no host: nothing may then be concluded from it. */
    private static List<Optional<String>> hosts(List<GeneralName> names) {
        return names.stream()
                .filter(name -> name.type() == GeneralName.URI)
                .map(name -> name.ascii()
                        .map(host -> host.toLowerCase(Locale.ROOT))
                        .filter(host -> HOST.matcher(host).matches()))
                .toList();
    }

    private static List<String> flat(List<Optional<String>> hosts) {
        return hosts.stream().flatMap(Optional::stream).toList();
    }

    private static boolean mayStandBelow(GeneralName constraint, List<ParsedCertificate> below) {
        return switch (constraint.type()) {
            case GeneralName.DNS, GeneralName.IP -> below.stream().anyMatch(ca -> has(ca, constraint.type()));
            case GeneralName.DIRECTORY ->
                below.stream().anyMatch(ca -> !ca.hasEmptySubject() || has(ca, GeneralName.DIRECTORY));
            default -> true;
        };
    }

    private static boolean has(ParsedCertificate certificate, int type) {
        return certificate.extensions().names().stream().anyMatch(name -> name.type() == type);
    }

    private static Optional<Rejected> refuse(String value, String expected) {
        return Optional.of(new Rejected(
                RejectReason.NAME_CONSTRAINT, "name constraint: " + value + " (expected: " + expected + ")"));
    }
}
