package io.beringia.trust.workload;

import com.google.protobuf.ByteString;
import io.beringia.trust.workload.proto.SpiffeWorkloadAPIGrpc;
import io.beringia.trust.workload.proto.X509SVID;
import io.beringia.trust.workload.proto.X509SVIDRequest;
import io.beringia.trust.workload.proto.X509SVIDResponse;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.ByteArrayInputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Asks a Workload API once, ours or another's, as a workload would. Any thread. */
public final class WorkloadClient {
    private static final String UNIX = "unix://";

    /** A hundred identities with their chains. */
    private static final int MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

    private WorkloadClient() {}

    /** All that the caller may have. */
    public record Answer(List<Identity> identities, Map<String, List<X509Certificate>> federated) {}

    /** One identity; shows no key. */
    public record Identity(
            String id, String hint, List<X509Certificate> chain, PrivateKey key, List<X509Certificate> roots) {
        @Override
        public String toString() {
            return "Identity[" + id + "]";
        }
    }

    /**
     * The path in a SPIFFE_ENDPOINT_SOCKET; throws {@link IllegalArgumentException} on what is not
     * {@code unix:///absolute/path}.
     */
    public static Path socket(String endpoint) {
        if (!endpoint.startsWith(UNIX + "/") || endpoint.contains("?") || endpoint.contains("#")) {
            throw new IllegalArgumentException("endpoint: \"" + endpoint + "\" (expected: unix:///absolute/path)");
        }
        return Path.of(endpoint.substring(UNIX.length()));
    }

    /** Waits {@code timeout} at most. Throws {@link IllegalArgumentException} with what the server answers. */
    public static Answer fetch(Path socket, Duration timeout) {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("workload-client", true), NioIoHandler.newFactory());
        ManagedChannel channel = channel(socket, loop);
        try {
            return answer(SpiffeWorkloadAPIGrpc.newBlockingStub(channel)
                    .withInterceptors(header())
                    .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .fetchX509SVID(X509SVIDRequest.getDefaultInstance())
                    .next());
        } catch (StatusRuntimeException refused) {
            throw refused(socket, refused.getStatus());
        } finally {
            channel.shutdownNow();
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    /** On {@code loop}; both are the caller's to end. */
    static ManagedChannel channel(Path socket, EventLoopGroup loop) {
        return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .overrideAuthority("localhost")
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .withOption(ChannelOption.SO_KEEPALIVE, null) // gRPC's, and unknown to unix sockets
                .eventLoopGroup(loop)
                .usePlaintext()
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .build();
    }

    /** Says with each call that it is meant, see {@link WorkloadHeader}. */
    static ClientInterceptor header() {
        Metadata header = new Metadata();
        header.put(WorkloadHeader.NAME, WorkloadHeader.VALUE);
        return MetadataUtils.newAttachHeadersInterceptor(header);
    }

    private static IllegalArgumentException refused(Path socket, Status status) {
        String expected = switch (status.getCode()) {
            case PERMISSION_DENIED -> "an entry for this user and group";
            case DEADLINE_EXCEEDED, UNAVAILABLE -> "a Workload API that listens there, and can sign";
            default -> "an answer";
        };
        return new IllegalArgumentException(
                socket + ": " + status.getCode() + " " + status.getDescription() + " (expected: " + expected + ")");
    }

    private static Answer answer(X509SVIDResponse message) {
        Map<String, List<X509Certificate>> federated = new TreeMap<>();
        message.getFederatedBundlesMap().forEach((domain, roots) -> federated.put(domain, certificates(roots)));
        return new Answer(
                message.getSvidsList().stream().map(WorkloadClient::identity).toList(), federated);
    }

    private static Identity identity(X509SVID svid) {
        List<X509Certificate> chain = certificates(svid.getX509Svid());
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("SVID: no certificate (expected: leaf, then intermediates)");
        }
        return new Identity(
                svid.getSpiffeId(),
                svid.getHint(),
                chain,
                key(chain.getFirst().getPublicKey().getAlgorithm(), svid.getX509SvidKey()),
                certificates(svid.getBundle()));
    }

    private static List<X509Certificate> certificates(ByteString der) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(der.toByteArray()))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new IllegalArgumentException("certificates: unreadable (expected: DER, one after the other)", e);
        }
    }

    private static PrivateKey key(String algorithm, ByteString pkcs8) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8.toByteArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("key: unreadable (expected: PKCS#8)"); // cause may quote it
        }
    }
}
