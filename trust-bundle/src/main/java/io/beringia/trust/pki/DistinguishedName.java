package io.beringia.trust.pki;

import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * The subject of one of our CAs: {@code O}, {@code CN}, {@code L} in this order, one value each, as UTF8String.
 *
 * @param locality the cluster of an intermediate
 */
public record DistinguishedName(String organization, String commonName, Optional<String> locality) {

    X500Name encoded() {
        X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
        name.addRDN(BCStyle.O, organization);
        name.addRDN(BCStyle.CN, commonName);
        locality.ifPresent(value -> name.addRDN(BCStyle.L, value));
        return name.build();
    }

    /** Any thread. What of a subject has this form; empty where it lacks {@code O} or {@code CN}. */
    public static Optional<DistinguishedName> of(X500Principal subject) {
        X500Name name = X500Name.getInstance(subject.getEncoded());
        return value(name, BCStyle.O)
                .flatMap(organization -> value(name, BCStyle.CN)
                        .map(common -> new DistinguishedName(organization, common, value(name, BCStyle.L))));
    }

    private static Optional<String> value(X500Name name, ASN1ObjectIdentifier type) {
        var values = name.getRDNs(type);
        return values.length == 1
                ? Optional.of(IETFUtils.valueToString(values[0].getFirst().getValue()))
                : Optional.empty();
    }
}
