package io.beringia.trust.authority;

import java.time.Duration;
import java.util.Map;

/**
 * What the environment may change of Istio's Makefile for plug-in CAs, by the names and with the defaults that it has
 * there.
 *
 * @param rootBits stands in {@code root-ca.conf} and nowhere else: keys have 4,096 bits whatever it says
 * @param intermediateDns the DNS name in every intermediate
 * @see <a href="https://github.com/istio/istio/blob/master/tools/certs/common.mk">Istio, tools/certs/common.mk</a>
 */
public record MakefileVariables(
        Duration rootLife,
        int rootBits,
        String rootOrganization,
        String rootName,
        Duration intermediateLife,
        String intermediateOrganization,
        String intermediateName,
        String intermediateDns,
        Duration workloadLife,
        String serviceAccount,
        String workloadName) {

    /** Pure. Throws {@link IllegalArgumentException} where a number is none. */
    public static MakefileVariables of(Map<String, String> environment) {
        return new MakefileVariables(
                days(environment, "ROOTCA_DAYS", 3650),
                number(environment, "ROOTCA_KEYSZ", 4096),
                environment.getOrDefault("ROOTCA_ORG", "Istio"),
                environment.getOrDefault("ROOTCA_CN", "Root CA"),
                days(environment, "INTERMEDIATE_DAYS", 3650),
                environment.getOrDefault("INTERMEDIATE_ORG", "Istio"),
                environment.getOrDefault("INTERMEDIATE_CN", "Intermediate CA"),
                environment.getOrDefault("INTERMEDIATE_SAN_DNS", "istiod.istio-system.svc"),
                days(environment, "WORKLOAD_DAYS", 1),
                environment.getOrDefault("SERVICE_ACCOUNT", "default"),
                environment.getOrDefault("WORKLOAD_CN", "Workload"));
    }

    private static Duration days(Map<String, String> environment, String name, int preset) {
        return Duration.ofDays(number(environment, name, preset));
    }

    private static int number(Map<String, String> environment, String name, int preset) {
        String text = environment.getOrDefault(name, Integer.toString(preset));
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException(name + ": \"" + text + "\" (expected: a number from 1 to 999999)");
        }
        return Integer.parseInt(text);
    }
}
