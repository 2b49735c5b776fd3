using Cake.Core;

namespace Cake.Frosting;

/// <summary>Base of a build's own context: Cake's context, to which the build adds its properties.</summary>
public class FrostingContext(ICakeContext context) : CakeContextAdapter(context), IFrostingContext;
