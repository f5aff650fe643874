package io.beringia.trust.client;

import static io.beringia.trust.client.Forge.sequence;

import io.beringia.trust.client.Forge.Forged;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;

/** Makes revocation lists piece by piece, right ones and every kind of wrong one. Owned by one test. */
final class ForgedList {
    boolean isV2 = true;
    String algorithm = Forge.EC;
    Instant thisUpdate;
    Optional<Instant> nextUpdate;
    final List<ASN1Encodable> entries = new ArrayList<>();
    final List<ASN1Encodable> extensions = new ArrayList<>();

    ForgedList(Instant thisUpdate, Instant nextUpdate) {
        this.thisUpdate = thisUpdate;
        this.nextUpdate = Optional.of(nextUpdate);
    }

    ForgedList numbered(int number) {
        return add(Extension.cRLNumber, false, new ASN1Integer(number));
    }

    ForgedList add(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
        extensions.add(Forge.extension(oid, critical, Forge.encoded(value)));
        return this;
    }

    ForgedList takingBack(BigInteger serial, ASN1Encodable... entryExtensions) {
        ASN1EncodableVector entry = new ASN1EncodableVector();
        entry.add(new ASN1Integer(serial));
        entry.add(new Time(Date.from(thisUpdate)));
        if (entryExtensions.length > 0) {
            entry.add(sequence(entryExtensions));
        }
        entries.add(new DERSequence(entry));
        return this;
    }

    byte[] signedBy(Forged issuer) {
        return signedBy(issuer, issuer.pair().getPrivate());
    }

    /** In the name of {@code issuer}, whose key it may be or not. */
    byte[] signedBy(Forged issuer, PrivateKey key) {
        try {
            ASN1Encodable identifier = new DefaultSignatureAlgorithmIdentifierFinder().find(algorithm);
            DERSequence body = body(issuer, identifier);
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(body.getEncoded());
            return sequence(body, identifier, new DERBitString(signature.sign()))
                    .getEncoded();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private DERSequence body(Forged issuer, ASN1Encodable identifier) {
        ASN1EncodableVector fields = new ASN1EncodableVector();
        if (isV2) {
            fields.add(new ASN1Integer(1));
        }
        fields.add(identifier);
        fields.add(issuer.subject());
        fields.add(new Time(Date.from(thisUpdate)));
        nextUpdate.ifPresent(until -> fields.add(new Time(Date.from(until))));
        if (!entries.isEmpty()) {
            fields.add(sequence(entries.toArray(ASN1Encodable[]::new)));
        }
        if (!extensions.isEmpty()) {
            fields.add(new DERTaggedObject(true, 0, sequence(extensions.toArray(ASN1Encodable[]::new))));
        }
        return new DERSequence(fields);
    }
}
