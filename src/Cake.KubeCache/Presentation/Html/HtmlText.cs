using System.Net;
using Cake.KubeCache.Execution;

namespace Cake.KubeCache.Presentation.Html;

/// <summary>Texts inside HTML.</summary>
internal static class HtmlText
{
    /// <summary>Escapes for element content and quoted attributes.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>The style class of a state.</summary>
    public static string Class(StepState state) => state switch
    {
        StepState.UpToDate => "same",
        StepState.Done => "done",
        StepState.Pending => "pending",
        StepState.Failed => "failed",
        _ => "stopped",
    };

    /// <summary>One character for a state, so that colour is not the only sign.</summary>
    public static string Mark(StepState state) => state switch
    {
        StepState.UpToDate => "=",
        StepState.Done => "+",
        StepState.Pending => "…",
        StepState.Failed => "✗",
        _ => "–",
    };
}
