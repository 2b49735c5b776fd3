using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;

namespace Cake.KubeCache.Engine.Kubeadm;

/// <summary>
/// Has kubeadm itself confirm the images that the plan has for it. Kubespray asks it with a configuration in which etcd is external, and leaves CoreDNS
/// and pause out of what it prints (roles/download, prep_kubeadm_images.yml): those three are items of <c>downloads</c>. So they are not compared.
/// </summary>
internal sealed class KubeadmConfirmation(RunParts parts)
{
    private static readonly string[] OfDownloads = ["coredns", "pause", "etcd"];
    private const string Proxy = "kube-proxy";

    private readonly KubeadmMemory _memory = new(parts.Store.Directory);

    /// <summary>What kubeadm sees otherwise than the plan; nothing where it is not in the store or cannot be run here.</summary>
    public async Task<IReadOnlyList<Fault>> WarningsAsync(Plan plan, Func<PlannedArtifact, StoredArtifact?> stored, CancellationToken cancellationToken)
    {
        var warnings = new List<Fault>();
        foreach (var question in KubeadmQuestion.Of(plan, stored, KubeadmQuestion.Here))
        {
            if (await AnswerAsync(question, cancellationToken) is { } answer && Compare(question, answer) is { } fault)
            {
                warnings.Add(fault);
            }
        }

        return warnings;
    }

    /// <summary>The difference between what is planned and what kubeadm names, or null.</summary>
    public static Fault? Compare(KubeadmQuestion question, KubeadmAnswer answer)
    {
        if (answer.Problem is { } problem)
        {
            return new Fault($"kubeadm did not confirm its images of {question.Version}")
            {
                Got = problem,
                Expected = "what 'kubeadm config images list' prints",
                Hint = "is this the kubeadm of that version? --refresh asks it again",
            };
        }

        var planned = question.Planned.ToHashSet(StringComparer.Ordinal);
        var named = answer.Images
            .Where(i => !OfDownloads.Contains(NameOf(i)) && (NameOf(i) != Proxy || question.Planned.Any(p => NameOf(p) == Proxy)))
            .ToHashSet(StringComparer.Ordinal);
        return planned.IsSubsetOf(named) && (!question.IsWhole || planned.SetEquals(named))
            ? null
            : new Fault($"kubeadm {question.Version} names other images than are planned")
            {
                Got = string.Join(", ", named.Order(StringComparer.Ordinal)),
                Expected = string.Join(", ", question.Planned),
                Hint = "got is what kubeadm will pull, expected what is planned; kubeadm_images in the inventory says it explicitly",
            };
    }

    private async Task<KubeadmAnswer?> AnswerAsync(KubeadmQuestion question, CancellationToken cancellationToken)
    {
        if (!parts.Settings.Refresh && _memory.Recall(question) is { } known)
        {
            return known;
        }

        var answer = await new KubeadmProgram(parts.Store.Layout.Blob(question.Kubeadm.Digest)).ListAsync(question.Version, question.Repository, cancellationToken);
        if (answer is null)
        {
            parts.Log.Verbose("kubeadm cannot be run on this machine: nobody confirms its images");
        }
        else
        {
            _memory.Keep(question, answer);
        }

        return answer;
    }

    private static string NameOf(string reference) => reference[(reference.LastIndexOf('/') + 1)..].Split(':', '@')[0];
}
