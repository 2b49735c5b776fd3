namespace Cake.KubeCache.Model;

/// <summary>Permission bits as octal digits.</summary>
internal static class PermissionBits
{
    /// <summary>Four digits at least: <c>755</c> and <c>0755</c> are the same mode.</summary>
    public static string Normalise(string mode) => mode.TrimStart('0').PadLeft(4, '0');
}
