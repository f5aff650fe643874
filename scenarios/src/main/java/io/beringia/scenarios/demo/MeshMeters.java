package io.beringia.scenarios.demo;

import io.beringia.discovery.catalog.IpAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the proxies of one region have counted, as their metrics pages say it at one moment.
 *
 * @param hedged second attempts of gateways beside one that had not answered
 * @param innerFailed attempts of the client's host that failed behind a gateway's 200
 * @param wrongRegion tunnels that a gateway took although they were meant for another region
 */
record MeshMeters(long hedged, long innerFailed, long wrongRegion) {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    static MeshMeters of(DemoRegion region) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            List<String> gateways = new ArrayList<>();
            for (IpAddress gateway : IntStream.range(0, DemoRegion.GATEWAYS)
                    .mapToObj(region::gateway)
                    .toList()) {
                gateways.addAll(page(http, gateway));
            }
            return new MeshMeters(
                    sum(gateways, "gateway_dials_attempts_total{cost=\"hedge\"}"),
                    sum(page(http, region.client()), "host_attempts_failed_total{tunnel=\"inner\""),
                    sum(gateways, "gateway_region_mismatches_total"));
        }
    }

    private static List<String> page(HttpClient http, IpAddress process) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + DemoRegion.admin(process) + "/metrics"))
                .timeout(TIMEOUT)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofLines()).body().toList();
    }

    /** Of all lines of Prometheus text that begin so. */
    static long sum(List<String> lines, String start) {
        return Math.round(lines.stream()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum());
    }
}
