package io.beringia.discovery.kube;

import java.net.URI;

/**
 * How to reach one Kubernetes API: all that is ever taken from a kubeconfig. Data fields are base64; what is not said is
 * empty. Never printed but for the server.
 */
public record Kubeconfig(
        URI server, String certificateAuthorityData, String token, String clientCertificateData, String clientKeyData) {

    /** A server that asks nobody who they are, such as a lab. */
    public static Kubeconfig anonymous(URI server) {
        return new Kubeconfig(server, "", "", "", "");
    }

    @Override
    public String toString() {
        return "Kubeconfig[" + server + "]";
    }
}
