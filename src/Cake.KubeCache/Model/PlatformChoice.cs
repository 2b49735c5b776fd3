namespace Cake.KubeCache.Model;

/// <summary>Which entry of an index serves a platform.</summary>
internal static class PlatformChoice
{
    /// <summary>
    /// The best entry: operating system and architecture must be equal; a variant must not be newer than the wanted one; of several
    /// the newest variant wins, and of equals the first, as image-index.md asks. Null when none fits.
    /// </summary>
    /// <param name="entries">Entries of the index.</param>
    /// <param name="wanted">The node's platform.</param>
    public static OciDescriptor? Choose(IEnumerable<OciDescriptor> entries, Platform wanted)
    {
        OciDescriptor? best = null;
        var rank = 0;
        foreach (var entry in entries)
        {
            var found = Rank(entry, wanted);
            if (found > rank)
            {
                (best, rank) = (entry, found);
            }
        }

        return best;
    }

    private static int Rank(OciDescriptor entry, Platform wanted)
    {
        if (entry.Platform is not { } platform)
        {
            // A nested index often carries no platform: it is looked into only when nothing else fits.
            return entry.MediaType is not null && MediaTypes.IsIndex(entry.MediaType) ? 1 : 0;
        }

        if (platform.Os != wanted.Os || platform.Architecture != wanted.Architecture)
        {
            return 0;
        }

        var variant = Variant(platform.Architecture, platform.Variant);
        var limit = wanted.Variant is null ? int.MaxValue : Variant(wanted.Architecture, wanted.Variant);
        return variant > limit ? 0 : wanted.Variant is null ? 1000 - variant : 2 + variant;
    }

    private static int Variant(string architecture, string? variant) =>
        variant is ['v', >= '0' and <= '9' and var digit] ? digit - '0' : architecture switch { "arm64" => 8, "arm" => 7, _ => 1 };
}
