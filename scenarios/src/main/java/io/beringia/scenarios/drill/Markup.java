package io.beringia.scenarios.drill;

/** Text as it may stand in HTML and XML, between tags and in a quoted attribute. Pure. */
final class Markup {
    private Markup() {}

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
