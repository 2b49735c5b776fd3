namespace Cake.KubeCache.Transport.Http;

/// <summary>
/// A header that never leaves this program: it asks a client whose requests a node makes to keep the body of a success on that node, in its spool. In the
/// body's place comes one line, which <see cref="Spooled"/> reads.
/// </summary>
internal static class SpoolHeader
{
    /// <summary>The header; its value is the file's name in the spool, a space, and the expected digest or <c>-</c>.</summary>
    public const string Name = "KubeCache-Spool";
}
