using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Cake.KubeCache.Engine.Kubeadm;

/// <summary>Answers of kubeadm, kept in the cache by its digest and what it was asked: the same program says the same again.</summary>
internal sealed class KubeadmMemory(string directory)
{
    private readonly string _directory = Path.Combine(directory, "kubeadm");

    /// <summary>The answer, or null when there is none or it cannot be read.</summary>
    public KubeadmAnswer? Recall(KubeadmQuestion question)
    {
        var path = PathOf(question);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), MemoryJson.Default.KubeadmAnswer) is { Images: not null } answer ? answer : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // Asked once more, kubeadm says it again.
            return null;
        }
    }

    /// <summary>Keeps an answer. A cache that cannot be written to keeps nothing.</summary>
    public void Keep(KubeadmQuestion question, KubeadmAnswer answer)
    {
        var path = PathOf(question);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(_directory);
            File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(answer, MemoryJson.Default.KubeadmAnswer));
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
        }
    }

    private string PathOf(KubeadmQuestion question) =>
        Path.Combine(_directory, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{question.Kubeadm.Digest}\n{question.Version}\n{question.Repository}"))) + ".json");
}
