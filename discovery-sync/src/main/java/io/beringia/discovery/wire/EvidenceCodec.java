package io.beringia.discovery.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.wire.evidence.proto.SiteEvidence;

/** Between the evidence of a site and bytes, for whoever keeps it. Its own inverse. Any thread. */
public final class EvidenceCodec {
    private EvidenceCodec() {}

    public static byte[] bytes(RegionEvidence evidence) {
        return EvidenceMessages.evidence(evidence).toByteArray();
    }

    /** Throws {@link IllegalArgumentException} on anything else. */
    public static RegionEvidence read(byte[] bytes) {
        try {
            return EvidenceMessages.evidence(SiteEvidence.parseFrom(bytes));
        } catch (InvalidProtocolBufferException noEvidence) {
            throw new IllegalArgumentException(
                    "evidence: " + bytes.length + " bytes (expected: the evidence of a site)", noEvidence);
        }
    }
}
