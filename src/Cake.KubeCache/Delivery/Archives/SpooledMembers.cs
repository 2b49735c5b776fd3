using Cake.KubeCache.Delivery.Runtimes;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Delivery.Archives;

/// <summary>Tar members whose content is on the node: the script puts them before what is sent.</summary>
internal static class SpooledMembers
{
    /// <summary>Lines of <c>path, header as printf's format, bytes of padding</c> for the script's <c>kc_spooled</c>.</summary>
    public static string Lines(ImagePush push, IReadOnlyDictionary<Digest, string> there) => string.Join('\n', Members(push, there).Select(m =>
        string.Join('\t', there[m.Digest!.Value], TarHeader.Printf(m.Name, m.Size), ImageArchive.MemberLength(m) - ImageArchive.HeaderLength - m.Size)));

    /// <summary>The members, in the order of the lines.</summary>
    public static IEnumerable<ArchiveMember> Members(ImagePush push, IReadOnlyDictionary<Digest, string> there) =>
        there.Count == 0 ? [] : new ImageArchive(push, new HashSet<Digest>()).Members.Where(m => m.Digest is { } digest && there.ContainsKey(digest));
}
