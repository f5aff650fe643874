package io.beringia.discovery.snapshot;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.snapshot.SnapshotVerdict.Reason;
import io.beringia.discovery.snapshot.SnapshotVerdict.Refused;
import io.beringia.discovery.wire.SvidSignature;
import io.beringia.trust.identity.Base64Text;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.X509Svid;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * One snapshot as bytes: a line that says what follows, the chain of whoever signed that line, the signature, and the
 * compressed payload. Nothing of the payload is looked at before all of the rest is believed. Any thread.
 *
 * <pre>
 * beringia-snapshot 1 CLUSTER NUMBER WRITTEN-AT-MILLIS PAYLOAD-BYTES SHA256-OF-THE-PAYLOAD
 * chain, DER in base64, leaf first, separated by commas
 * signature over the first line without its end, base64
 * payload, gzip
 * </pre>
 */
public final class SnapshotFile {
    private static final Pattern HEAD = Pattern.compile(
            "beringia-snapshot 1 ([a-z0-9.-]{1,253}) ([0-9]{1,18}) ([0-9]{1,15}) ([0-9]{1,10}) ([0-9a-f]{64})");

    private static final int LINES = 3;

    /** A chain of a few certificates is the longest of the three. */
    private static final int LINE_BYTES_MAX = 64 << 10;

    /** Uncompressed: a hundred clusters of ten thousand services, with room. */
    private static final int PAYLOAD_BYTES_MAX = 1 << 30;

    private SnapshotFile() {}

    /** Throws {@link IllegalArgumentException} where the key cannot sign. */
    static byte[] seal(ClusterId cluster, long number, Instant writtenAt, byte[] payload, X509Svid signer) {
        byte[] packed = packed(payload);
        String head = "beringia-snapshot 1 " + cluster + " " + number + " " + writtenAt.toEpochMilli() + " "
                + packed.length + " " + sha256(packed);
        try {
            byte[] signature = SvidSignature.sign(signer, ByteBuffer.wrap(ascii(head)));
            List<String> chain = new ArrayList<>();
            for (X509Certificate certificate : signer.chain()) {
                chain.add(Base64Text.of(certificate.getEncoded()));
            }
            byte[] lines = ascii(head + "\n" + String.join(",", chain) + "\n" + Base64Text.of(signature) + "\n");
            byte[] file = Arrays.copyOf(lines, lines.length + packed.length);
            System.arraycopy(packed, 0, file, lines.length, packed.length);
            return file;
        } catch (GeneralSecurityException unable) {
            throw new IllegalArgumentException("snapshot: " + signer + " cannot sign it", unable);
        }
    }

    /** Fails closed: every doubt is a {@link Refused}. */
    public static SnapshotVerdict open(byte[] file, SnapshotTrust trust, Instant now) {
        List<String> lines = lines(file);
        Matcher head = HEAD.matcher(lines.isEmpty() ? "" : lines.getFirst());
        if (lines.size() < LINES || !head.matches()) {
            return damaged("its first lines are not those of a snapshot");
        }
        byte[] packed = Arrays.copyOfRange(
                file, lines.stream().mapToInt(line -> line.length() + 1).sum(), file.length);
        if (packed.length != Long.parseLong(head.group(4))) {
            return damaged("payload: " + packed.length + " bytes (expected: " + head.group(4) + ")");
        }
        return sha256(packed).equals(head.group(5))
                ? judged(lines, head, packed, trust, now)
                : damaged("payload: its checksum is not that of the first line");
    }

    private static SnapshotVerdict judged(
            List<String> lines, Matcher head, byte[] packed, SnapshotTrust trust, Instant now) {
        ClusterId cluster;
        List<byte[]> chain;
        byte[] signature;
        try {
            cluster = new ClusterId(head.group(1));
            chain = Arrays.stream(lines.get(1).split(",", -1))
                    .map(Base64Text::parse)
                    .toList();
            signature = Base64Text.parse(lines.get(2));
        } catch (IllegalArgumentException broken) {
            return damaged("chain or signature: " + broken.getMessage());
        }
        Instant writtenAt = Instant.ofEpochMilli(Long.parseLong(head.group(3)));
        return switch (trust.verifier().verify(chain, PeerVerifier.PeerRole.CLIENT, trust.bundles(), writtenAt)) {
            case PeerVerdict.Rejected rejected ->
                new Refused(Reason.UNTRUSTED, rejected.reason().word() + ", " + rejected.detail());
            case PeerVerdict.Verified _
            when !SvidSignature.isBy(chain.getFirst(), ByteBuffer.wrap(ascii(head.group())), signature) ->
                new Refused(Reason.FORGED, "signature: not by its signer over its first line");
            case PeerVerdict.Verified by -> {
                Optional<Refused> refusal = trust.refusalOf(cluster, writtenAt, by, now);
                yield refusal.isPresent()
                        ? refusal.get()
                        : accepted(cluster, Long.parseLong(head.group(2)), writtenAt, by, packed);
            }
        };
    }

    private static SnapshotVerdict accepted(
            ClusterId cluster, long number, Instant writtenAt, PeerVerdict.Verified by, byte[] packed) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return new SnapshotVerdict.Accepted(
                    cluster, number, writtenAt, by.id(), ByteBuffer.wrap(in.readNBytes(PAYLOAD_BYTES_MAX)));
        } catch (IOException broken) {
            return new Refused(Reason.UNREADABLE, "payload: " + broken.getMessage());
        }
    }

    private static Refused damaged(String how) {
        return new Refused(Reason.DAMAGED, how);
    }

    /** The first ones, without their ends; fewer where there are no more. */
    private static List<String> lines(byte[] file) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < file.length && i - start < LINE_BYTES_MAX && lines.size() < LINES; i++) {
            if (file[i] == '\n') {
                lines.add(new String(file, start, i - start, StandardCharsets.ISO_8859_1));
                start = i + 1;
            }
        }
        return lines;
    }

    private static byte[] packed(byte[] payload) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(payload);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return bytes.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
