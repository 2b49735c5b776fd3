using System.Security.Cryptography;
using System.Text;

namespace Cake.KubeCache.Model;

/// <summary>What an archive is unpacked with, as one short text: a different one means that it has to be unpacked anew.</summary>
internal static class UnpackKey
{
    /// <summary>Of the extra options, the owner and the mode.</summary>
    public static string Of(FileArtifact artifact)
    {
        var text = string.Join('\n', [artifact.Owner ?? "", artifact.Mode is { } mode ? PermissionBits.Normalise(mode) : "", .. artifact.UnarchiveExtraOptions]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
    }
}
