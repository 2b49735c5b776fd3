using System.Globalization;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Delivery.Probe;

/// <summary>Reads what the probe script prints: lines of tab-separated fields, the first one names the kind.</summary>
internal static class ProbeReport
{
    /// <summary>Makes a state of the lines; the kinds that only one runtime prints go to <paramref name="other"/>.</summary>
    /// <exception cref="KubeCacheException">The last line is missing: the script did not come to its end (<see cref="ErrorKind.Retry"/>).</exception>
    public static NodeState Read(string output, NodePaths paths, string node, Action<string[]> other)
    {
        var state = new NodeState();
        var ended = false;
        foreach (var line in output.AsSpan().EnumerateLines())
        {
            if (line.IsEmpty)
            {
                continue;
            }

            var fields = line.ToString().Split('\t');
            ended |= fields[0] == "end";
            if (!Take(fields, state, paths))
            {
                other(fields);
            }
        }

        return ended ? state : throw new KubeCacheException(ErrorKind.Retry, new Fault($"the probe of {node} did not come to its end") { Got = Last(output) });
    }

    private static bool Take(string[] fields, NodeState state, NodePaths paths)
    {
        switch (fields)
        {
            case ["node", var machine, var system, var id, var version, var uid]:
                (state.Machine, state.System, state.DistributionId, state.DistributionVersion, state.IsRoot) = (machine, system, id, version, uid == "0");
                return true;
            case ["tool", var tool]:
                state.Tools.Add(tool);
                return true;
            case ["free", var mount, var bytes] when long.TryParse(bytes, CultureInfo.InvariantCulture, out var free):
                state.FreeBytes[mount] = free;
                return true;
            case ["runtime", var version]:
                state.RuntimeVersion = version;
                return true;
            case ["image", var reference, var digest, var how] when Digest.TryParse(digest, out var known):
                state.Images[FullName(reference)] = new NodeImage(known, how == "complete");
                return true;
            case ["blob", var hex]:
                state.Blobs.Add(hex);
                return true;
            case ["chain", var hex]:
                state.Chains.Add(hex);
                return true;
            case ["file", var hex, var size, _, _, _, var owner, var mode, var path, var standsFor] when Digest.TryParse("sha256:" + hex, out var digest):
                state.Files[paths.Logical(path)] = new KnownFile(digest, long.Parse(size, CultureInfo.InvariantCulture), standsFor is "-" or "?" ? owner : standsFor, PermissionBits.Normalise(mode), standsFor != "?");
                return true;
            case ["unpacked", var hex, var key, var path] when Digest.TryParse("sha256:" + hex, out var digest):
                state.Unpacked[paths.Logical(path)] = new UnpackedArchive(digest, key);
                return true;
            case ["delivered", var reference, var manifest, var config, var path, _, var whole] when Digest.TryParse(manifest, out var m) && Digest.TryParse(config, out var c):
                state.Delivered.Add(new DeliveredImage(reference, m, c, path, whole == "whole"));
                return true;
            case ["range", var hex, var offset, var length, var path]:
                state.ArchivedBlobs[hex] = new ArchivedBlob(path, long.Parse(offset, CultureInfo.InvariantCulture), long.Parse(length, CultureInfo.InvariantCulture));
                return true;
            default:
                return fields[0] == "end";
        }
    }

    /// <summary>Docker shortens what comes from its own hub; the model's references are always full.</summary>
    public static string FullName(string reference) => ImageReference.TryParse(reference, out var full, out _) ? full.Familiar : reference;

    private static string Last(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "no output";
}
