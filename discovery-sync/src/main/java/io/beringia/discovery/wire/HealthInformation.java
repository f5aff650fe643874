package io.beringia.discovery.wire;

import com.google.rpc.Status;
import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryRequest;
import java.util.Optional;

/**
 * How a host says on its stream of delta xDS whether its application is healthy, as Istio's agent does
 * (istio {@code pkg/istio-agent/xds_proxy.go}): a request of a type that has no resources, with an error if it is not.
 */
public final class HealthInformation {
    private static final String URL = "type.googleapis.com/istio.v1.HealthInformation";

    /** {@code INTERNAL} of gRPC. */
    private static final int UNHEALTHY_CODE = 13;

    private HealthInformation() {}

    static DeltaDiscoveryRequest request(HostReport report) {
        DeltaDiscoveryRequest.Builder request =
                DeltaDiscoveryRequest.newBuilder().setTypeUrl(URL);
        return switch (report.health()) {
            case HEALTHY -> request.build();
            case UNHEALTHY ->
                request.setErrorDetail(
                                Status.newBuilder().setCode(UNHEALTHY_CODE).setMessage(report.why()))
                        .build();
        };
    }

    /** Any thread. Empty for every other request. */
    public static Optional<HostReport> of(DeltaDiscoveryRequest request) {
        if (!request.getTypeUrl().equals(URL)) {
            return Optional.empty();
        }
        return Optional.of(
                request.hasErrorDetail()
                        ? HostReport.unhealthy(request.getErrorDetail().getMessage())
                        : HostReport.HEALTHY);
    }
}
