namespace Build.Upstream.Content;

/// <summary>What the quickstart's upstream has released.</summary>
internal static class QuickstartRelease
{
    /// <summary>Versions of hello and of the greeter image, oldest first.</summary>
    public static IReadOnlyList<string> HelloVersions { get; } = ["1.0.0", "1.1.0", "2.0.0"];

    /// <summary>Versions of the phrasebook archive.</summary>
    public static IReadOnlyList<string> PhrasebookVersions { get; } = ["2024.1", "2025.1"];

    /// <summary>Versions of the clock image.</summary>
    public static IReadOnlyList<string> ClockVersions { get; } = ["1.0"];

    /// <summary>Architectures, in OCI's names.</summary>
    public static IReadOnlyList<string> Architectures { get; } = ["amd64", "arm64"];
}
