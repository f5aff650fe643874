package io.beringia.scenarios.interop;

import io.beringia.trust.identity.SpiffeId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a ztunnel says of one of its certificates at {@code /config_dump}.
 *
 * @param serial of the leaf
 * @param roots how many it trusts
 */
record ShownCertificate(String serial, int roots) {

    static ShownCertificate read(String dump, SpiffeId of) {
        for (JsonNode one : JsonMapper.builder().build().readTree(dump).path("certificates")) {
            if (one.path("identity").asString("").equals(of.toString())) {
                return new ShownCertificate(
                        one.path("certChain").path(0).path("serialNumber").asString(""),
                        one.path("rootCerts").size());
            }
        }
        return new ShownCertificate("", 0);
    }
}
