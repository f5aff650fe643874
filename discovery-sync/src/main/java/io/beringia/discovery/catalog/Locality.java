package io.beringia.discovery.catalog;

/** Where something runs, from wide to narrow; an unknown part is empty. */
public record Locality(String region, String zone, String subzone) {
    public static final Locality UNKNOWN = new Locality("", "", "");

    @Override
    public String toString() {
        return region + "/" + zone + "/" + subzone;
    }
}
